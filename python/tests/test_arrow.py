"""Tables of sessions: the rows of `result-vp audit`, whatever gives the table and whatever stands in it."""

import json
import threading
import time

import pyarrow
import pyarrow.parquet
import pytest
import result_vp
from common import AT, EVIDENCE, FIXTURES, ISSUER, audit, connect_cases, plain, policy


@pytest.fixture(scope="module")
def verifier():
    return result_vp.Verifier(policy(), EVIDENCE)


def sessions():
    """Sessions of all kinds, one that is a list, and what nobody can read."""
    texts = [path.read_text() for path in sorted((FIXTURES / "sessions").glob("*.json"))]
    success = json.loads((FIXTURES / "sessions/success.json").read_text())
    texts += [json.dumps([success, {**success, "id": "1f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"}])]
    return texts + ["", "{", "null", "[]", "no JSON", '"no presentation"', '{"id": 3}']


def lines_of(texts, folder):
    """An export with one record on each line."""

    def line(text):
        try:
            return json.dumps(json.loads(text))
        except ValueError:
            return text.replace("\n", " ") or "{}"

    path = folder / "export.jsonl"
    lines = [line(text) for text in texts]
    path.write_text("\n".join(lines) + "\n")
    return path, lines


@pytest.mark.parametrize("claims", ["none", "full", "hash"])
def test_the_rows_are_those_of_an_audit(verifier, tmp_path, claims):
    path, lines = lines_of(sessions(), tmp_path)
    key = tmp_path / "key"
    key.write_bytes(b"sixteen secret bytes")
    asked = ["--claims", claims] + (["--hash-key", key] if claims == "hash" else [])
    expected = audit(tmp_path, [path], "--as-of", AT.isoformat(), *asked)
    rows = verifier.verify_arrow(
        pyarrow.record_batch({"session": lines}),
        input=str(path),
        at=AT,
        at_issuance=False,
        claims=claims,
        hash_key=key.read_bytes() if claims == "hash" else None,
    )
    found = plain(pyarrow.record_batch(rows).to_pylist())
    assert len(rows) == len(found) == len(expected) > len(lines)
    # No assertion on the values themselves: claims would be printed.
    assert all(mine == theirs for mine, theirs in zip(found, expected))
    discrepancies = {it for row in found for it in row["discrepancies"]}
    assert "session_repeated" in discrepancies, discrepancies
    assert any(check["code"] == "proof_seen" for row in found for check in row["checks_now"])


def test_the_connect_cases_have_the_rows_of_an_audit(tmp_path):
    cases = connect_cases()
    if not cases:
        pytest.skip("RESULT_VP_VECTORS is not set, so the connect vectors were not run")
    issuers = sorted({it for _, case in cases for it in case["verify_with"]["trusted_issuers"]})
    # One document for each DID; cases that bring another one are asked singly elsewhere.
    documents = {}
    for folder, case in cases:
        for it in case["did_documents"]:
            if not it["did"].startswith("did:key:"):
                documents.setdefault(it["did"], folder / it["file"])
    evidence = []
    for path in documents.values():
        try:
            result_vp.Verifier(policy(), evidence + [path])
            evidence.append(path)
        except result_vp.UsageError:
            # A document that is none is what a case is about.
            continue
    table = pyarrow.table(
        {
            "session": [(folder / case["file"]).read_bytes() for folder, case in cases],
            "saved": [case["verify_with"]["session_id"] for _, case in cases],
        }
    )
    path = tmp_path / "cases.parquet"
    pyarrow.parquet.write_table(table, path)
    asked = ["--status", "skip", "--schema", "skip", "--claims", "full", "--id-column", "saved"]
    expected = audit(
        tmp_path, [path], "--as-of", AT.isoformat(), *asked, evidence=evidence, issuers=issuers
    )
    verifier = result_vp.Verifier(policy(*issuers, status="skip", schema="skip"), evidence)
    rows = verifier.verify_arrow(
        table, id_column="saved", input=str(path), at=AT, at_issuance=False, claims="full"
    )
    found = plain(pyarrow.table(rows).to_pylist())
    for row in expected:
        # The same settings, some in a file and some as flags.
        assert row["policy_sha256"] == verifier.policy_sha256
    differing = [mine["record"] for mine, theirs in zip(found, expected) if mine != theirs]
    assert len(found) == len(expected) and not differing, differing[:5]
    assert sum(row["verdict_now"] == "accepted" for row in found) > 10


def test_both_verdicts_unless_only_one_is_asked_for(verifier):
    text = (FIXTURES / "sessions/success.json").read_text()
    table = pyarrow.table({"session": [text]})
    [both] = pyarrow.table(verifier.verify_arrow(table)).to_pylist()
    assert both["verdict_at_issuance"] == "accepted" and both["verdict_now"] is not None
    [one] = pyarrow.table(verifier.verify_arrow(table, at=AT, at_issuance=False)).to_pylist()
    assert one["verdict_at_issuance"] is None and one["now"] == AT


def test_every_kind_of_table_is_read(verifier):
    text = (FIXTURES / "sessions/success.json").read_text()
    texts = [text, None, "{"]
    expected = verifier.verify_arrow(pyarrow.record_batch({"session": texts}), at=AT)
    expected = pyarrow.record_batch(expected)
    kinds = ["string", "large_string", "string_view", "binary", "large_binary", "binary_view"]
    columns = [pyarrow.array(texts, getattr(pyarrow, kind)()) for kind in kinds]
    columns.append(pyarrow.array(texts).dictionary_encode())
    tables = [pyarrow.table({"session": column}) for column in columns]
    halves = [pyarrow.record_batch({"session": texts[:1]}), pyarrow.record_batch({"session": texts[1:]})]
    tables.append(pyarrow.Table.from_batches(halves))
    tables.append(pyarrow.RecordBatchReader.from_batches(halves[0].schema, iter(halves)))
    tables.append(pyarrow.table({"other": [1, 2, 3], "session": texts}))
    tables.append(pyarrow.table({"vp": ["{"] * 4, "session": [None, *texts]}).slice(1))
    for table in tables:
        rows = pyarrow.table(verifier.verify_arrow(table, column="session", at=AT))
        assert rows.to_batches()[0] == expected
    assert len(verifier.verify_arrow(pyarrow.table({"session": pyarrow.array([], "string")}))) == 0
    assert expected.column("error_code").to_pylist() == [None, "unreadable", "unreadable"]


def test_rows_say_where_a_record_stands_and_are_held_against_the_saved_ids(verifier):
    session = json.loads((FIXTURES / "sessions/success.json").read_text())
    presentation = session["resultVp"] if "resultVp" in session else session["result_vp"]
    table = pyarrow.table(
        {
            "vp": [presentation] * 3,
            "saved": [session["id"], session["id"].replace("0f", "1f"), None],
            "file": ["a", "a", "b"],
            "line": pyarrow.array([7, 8, 1], "int32"),
        }
    )
    rows = verifier.verify_arrow(
        table, id_column="saved", input_column="file", record_column="line", at=AT
    )
    rows = pyarrow.table(rows).to_pylist()
    assert [(row["input"], row["record"]) for row in rows] == [("a", 7), ("a", 8), ("b", 1)]
    assert rows[0]["session_id"] == session["id"]
    # The same proof under two ids: both are rejected, and what has no id is no verdict.
    assert [row["verdict_now"] for row in rows] == ["rejected", "rejected", "error"]
    assert "session id" in rows[2]["error"]


def test_marks_tell_across_calls_what_one_call_tells_at_once(verifier, tmp_path):
    success = json.loads((FIXTURES / "sessions/success.json").read_text())
    other = {**success, "id": "1f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"}
    partial = (FIXTURES / "sessions/success.json").read_text()
    texts = [json.dumps(success), json.dumps(other), "{", partial]
    at_once = verifier.verify_arrow(pyarrow.table({"session": texts}), at=AT, claims="full")
    parts = [
        pyarrow.table(
            verifier.verify_arrow(
                pyarrow.table({"session": [text], "n": [place + 1]}),
                at=AT,
                claims="full",
                proof_marks=True,
                record_column="n",
            )
        )
        for place, text in enumerate(texts)
    ]
    rows = pyarrow.concat_tables(parts)
    assert rows.schema == pyarrow.schema(result_vp.Schema(proof_marks=True))
    marks = rows.column("proof_marks").to_pylist()
    met = [{mark for mark in marks[0]} & set(it) for it in marks]
    truths = [bool(it) for it in met]
    # All three have the marks, and the first session has them twice.
    assert truths == [True, True, False, True]
    rows = rows.append_column("replayed", [truths]).append_column("repeated", [truths])
    told = pyarrow.table(result_vp.repeat(rows))
    assert told.schema == pyarrow.schema(result_vp.Schema())
    assert told.to_pylist() == pyarrow.table(at_once).to_pylist()


def test_what_cannot_be_asked_of_a_table_is_an_exception(verifier):
    table = pyarrow.table({"session": ["{}"], "n": [[1]]})
    for words, call in [
        ("no column `x`; there are session, n", lambda: verifier.verify_arrow(table, column="x")),
        ("holds no texts", lambda: verifier.verify_arrow(table, column="n")),
        ("`column`", lambda: verifier.verify_arrow(table.select(["n"]))),
        ("claims", lambda: verifier.verify_arrow(table, claims="all")),
        ("16 secret bytes", lambda: verifier.verify_arrow(table, claims="hash", hash_key=b"short")),
        ("no column `replayed`", lambda: result_vp.repeat(table)),
    ]:
        with pytest.raises(result_vp.UsageError, match=words):
            call()
    with pytest.raises(ValueError, match="__arrow_c_array__"):
        verifier.verify_arrow(["{}"])

    def breaks():
        yield pyarrow.record_batch({"session": ["{}"]})
        raise OSError("the disk is gone")

    reader = pyarrow.RecordBatchReader.from_batches(table.select(["session"]).schema, breaks())
    with pytest.raises(result_vp.UnreadableError, match="cannot be read"):
        verifier.verify_arrow(reader)


def test_other_threads_run_meanwhile(verifier):
    text = (FIXTURES / "sessions/success.json").read_text()
    table = pyarrow.table({"session": [text] * 3000})
    ticks, over = [], threading.Event()

    def tick():
        while not over.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begun = time.perf_counter()
    verifier.verify_arrow(table, at=AT)
    ended = time.perf_counter()
    over.set()
    thread.join()
    met = sum(begun < it < ended for it in ticks)
    # While the lock is held there would be none; a busy machine leaves many.
    assert met > 20, (met, ended - begun)


def test_many_threads_share_one_verifier(verifier):
    path = FIXTURES / "sessions/success.json"
    table = pyarrow.table({"session": [path.read_text()] * 50})
    expected = pyarrow.table(verifier.verify_arrow(table, at=AT))
    told = []
    threads = [
        threading.Thread(target=lambda: told.append(pyarrow.table(verifier.verify_arrow(table, at=AT))))
        for _ in range(4)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(told) == 4 and all(it == expected for it in told)


def test_no_repr_holds_a_claim(verifier):
    text = (FIXTURES / "sessions/success.json").read_text()
    rows = verifier.verify_arrow(pyarrow.table({"session": [text]}), at=AT, claims="full")
    assert pyarrow.table(rows).column("family_name").to_pylist() == ["EXEMPLARIS"]
    assert repr(rows) == str(rows) == "<result_vp.Rows: 1 rows>"
    assert ISSUER not in repr(rows)
