"""One session at a time: the verdict and claims of the command, case by case."""

import dataclasses
import json
import os
import pathlib
from datetime import datetime, timedelta, timezone

import pytest
import result_vp
from common import AT, EVIDENCE, FIXTURES, ISSUER, SESSION, command, connect_cases, policy


def of_command(result):
    """What the command says of one input, without what only it knows."""
    session = dict(result["session"]) if result["session"] else None
    checks = session.pop("checks") if session else []
    for name in ("id_from", "unsigned"):
        if session:
            session.pop(name)
    credentials = [
        {name: credential.get(name) for name in CREDENTIAL} for credential in result["credentials"]
    ]
    for credential in credentials:
        for claim in (credential["claims"] or {}).values():
            for name in ("value", "raw", "precision", "media_type", "bytes", "sha256"):
                claim.setdefault(name, None)
            claim["values"] = tuple(claim.get("values", ()))
    return {
        "verdict": result["verdict"],
        "checks": checks,
        "session": session,
        "credentials": credentials,
        "warnings": result["warnings"],
    }


CREDENTIAL = [field.name for field in dataclasses.fields(result_vp.Credential)]


def of_report(report):
    return json.loads(json.dumps(dataclasses.asdict(report)))


def alike(report, result):
    found, expected = of_report(report), json.loads(json.dumps(of_command(result)))
    if result["session"] is None:
        # The command prints the checks of a session beside its facts.
        found.pop("checks"), expected.pop("checks")
    # No assertion on the values themselves: claims would be printed.
    return found == expected


def ask(verifier, text, **asked):
    try:
        return verifier.verify(text, **asked)
    except result_vp.UnreadableError as error:
        return str(error)


@pytest.mark.parametrize("path", sorted((FIXTURES / "sessions").glob("*.json")), ids=lambda it: it.name)
def test_a_fixture_is_told_as_the_command_tells_it(path):
    verifier = result_vp.Verifier(policy(), EVIDENCE)
    evidence = [it for path in EVIDENCE for it in ("--evidence", path)]
    arguments = ["verify", "--format", "json", "--images", "--issuer", ISSUER, "--at", AT.isoformat()]
    results = json.loads(command(*arguments, *evidence, path))["results"]
    if len(results) != 1:
        with pytest.raises(result_vp.UsageError, match="several"):
            verifier.verify(path.read_bytes(), at=AT)
        return
    told = ask(verifier, path.read_bytes(), at=AT, images=True)
    assert told == results[0]["error"] if isinstance(told, str) else alike(told, results[0])


def test_the_connect_cases_are_told_as_the_command_tells_them(tmp_path):
    cases = connect_cases()
    if not cases:
        pytest.skip("RESULT_VP_VECTORS is not set, so the connect vectors were not run")
    asked = 0
    for folder, case in cases:
        issuers = case["verify_with"]["trusted_issuers"]
        documents = [
            folder / it["file"] for it in case["did_documents"] if not it["did"].startswith("did:key:")
        ]
        any_session = "underived" in case["case"]
        session_id = None if any_session else case["verify_with"]["session_id"]
        arguments = ["verify", "--format", "json", "--status", "skip", "--schema", "skip", "--images"]
        arguments += ["--at", AT.isoformat()]
        arguments += [it for issuer in issuers for it in ("--issuer", issuer)]
        arguments += [it for path in documents for it in ("--evidence", path)]
        arguments += ["--session-id", session_id] if session_id else []
        arguments += ["--insecure-any-session"] if any_session else []
        text = (folder / case["file"]).read_bytes()
        results = json.loads(command(*arguments, folder / case["file"], accept=(0, 1, 3, 4, 7)))["results"]
        verifier = result_vp.Verifier(policy(*issuers, status="skip", schema="skip"), documents)
        both = {"at": AT, "images": True, "insecure_any_session": any_session}
        if len(results) == 1:
            told = ask(verifier, text, session_id=session_id, **both)
            same = told == results[0]["error"] if isinstance(told, str) else alike(told, results[0])
            assert same, case["case"]
            asked += 1
        for result in results if len(results) > 1 else []:
            # Of several, one is asked for by its id; the command compares their proofs as well.
            told = ask(verifier, text, session_id=result["session"]["id"], **both)
            claims = [it.claims for it in told.credentials]
            assert (told.verdict, len(claims)) == (result["verdict"], len(result["credentials"])), case["case"]
            asked += 1
    assert asked >= len(cases), asked
    print(f"{asked} results of {len(cases)} cases")


def test_a_swapped_session_is_rejected_and_says_why():
    verifier = result_vp.Verifier(policy(), EVIDENCE)
    text = (FIXTURES / "sessions/success.json").read_text()
    report = verifier.verify(text, session_id=SESSION, at=AT)
    assert (report.verdict, report.accepted) == ("accepted", True)
    assert report.claims["family_name"].value == "EXEMPLARIS"
    report = verifier.verify(text, session_id=SESSION.replace("0f", "1f"), at=AT)
    assert not report.accepted
    assert [it.code for it in report.checks if it.outcome == "fail"] == ["session_id_differs"]
    with pytest.raises(ValueError, match="rejected"):
        report.claims


def test_without_evidence_the_report_says_what_is_missing():
    report = result_vp.Verifier(policy()).verify((FIXTURES / "sessions/success.json").read_bytes(), at=AT)
    assert report.verdict == "indeterminate"
    undecided = [it for it in report.credentials[0].checks if it.outcome == "indeterminate"]
    assert any(ISSUER in (it.detail or "") for it in undecided)


def test_evidence_is_the_same_from_files_and_from_bytes():
    files = sorted(path for folder in EVIDENCE for path in folder.rglob("*.json"))
    by_path = result_vp.Verifier(policy(), EVIDENCE)
    held = [path.read_bytes() for path in files if not any(path.name in it for it in by_path.left_out)]
    by_bytes = result_vp.Verifier(policy(), held)
    assert by_path.evidence_sha256 == by_bytes.evidence_sha256
    assert by_path.policy_sha256 == by_bytes.policy_sha256


def test_the_time_is_the_callers():
    verifier = result_vp.Verifier(policy(), EVIDENCE)
    text = (FIXTURES / "sessions/success.json").read_bytes()
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert verifier.verify(text, at=elsewhere) == verifier.verify(text, at=AT)
    early = verifier.verify(text, at=datetime(2000, 1, 1, tzinfo=timezone.utc))
    assert early.verdict == "rejected"
    with pytest.raises(result_vp.UsageError, match="time zone"):
        verifier.verify(text, at=datetime(2024, 6, 1))


def test_what_cannot_be_asked_is_an_exception_that_says_what_to_do(tmp_path):
    usage, unreadable = result_vp.UsageError, result_vp.UnreadableError
    verifier = result_vp.Verifier(policy(), EVIDENCE)
    presentation = json.loads((FIXTURES / "sessions/success.json").read_text())
    presentation = presentation.get("resultVp") or presentation.get("result_vp")
    no_evidence = tmp_path / "notes.txt"
    no_evidence.write_text("notes")
    for error, words, call in [
        (usage, "no issuer is trusted", lambda: result_vp.Verifier(b"")),
        (usage, "policy show", lambda: result_vp.Verifier(b"colour = 1")),
        (usage, "UTF-8", lambda: result_vp.Verifier(b"\xff")),
        (usage, "give DID documents", lambda: result_vp.Verifier(policy(), no_evidence)),
        (usage, "give DID documents", lambda: result_vp.Verifier(policy(), b"notes")),
        (FileNotFoundError, "check the path", lambda: result_vp.Verifier(tmp_path / "none.toml")),
        (FileNotFoundError, "check the path", lambda: result_vp.Verifier(policy(), tmp_path / "none")),
        (usage, "session_id", lambda: verifier.verify(presentation, at=AT)),
        (usage, "session_id", lambda: verifier.verify(presentation, session_id="", at=AT)),
        (unreadable, None, lambda: verifier.verify("", at=AT)),
        (unreadable, None, lambda: verifier.verify("\ud800", at=AT)),
        (unreadable, None, lambda: verifier.verify(b"\xff\x00", at=AT)),
        (TypeError, None, lambda: verifier.verify(3, at=AT)),
    ]:
        with pytest.raises(error, match=words) as raised:
            call()
        assert isinstance(raised.value, (result_vp.Error, OSError, TypeError))


def values(report):
    claims = report.credentials[0].claims.values()
    texts = {text for claim in claims for text in (claim.value, claim.raw, *claim.values) if text}
    return {text for text in texts if len(text) > 3}


def test_no_repr_and_no_error_holds_a_claim():
    verifier = result_vp.Verifier(policy(), EVIDENCE)
    text = (FIXTURES / "sessions/success.json").read_text()
    report = verifier.verify(text, at=AT, images=True)
    secrets = values(report)
    assert len(secrets) > 10
    shown = [repr(report), str(report), repr(report.credentials[0]), repr(report.claims), repr(verifier)]
    for cut in range(0, len(text), 97):
        for broken in (text[:cut], text[:cut] + "\x00" + text[cut:], text[:cut] + text[cut + 1 :]):
            try:
                shown.append(repr(verifier.verify(broken, at=AT)))
            except result_vp.Error as error:
                shown.append(repr(error))
    everything = "\n".join(shown)
    assert not any(secret in everything for secret in secrets)


def test_the_package_is_typed():
    package = pathlib.Path(result_vp.__file__).parent
    assert (package / "py.typed").exists() and (package / "_native.pyi").exists()
    assert result_vp.__version__ == command("--version").split()[1].decode()
    for name in result_vp.__all__:
        assert getattr(result_vp, name).__doc__ or name in ("Rows", "Schema", "__version__"), name
    assert os.path.basename(result_vp._native.__file__).startswith("_native.abi3")


def test_the_page_to_begin_with_runs(monkeypatch, capfd):
    page = (FIXTURES.parent / "docs/python.md").read_text()
    code = page.split("```python\n")[1].split("```")[0]
    assert len(code.splitlines()) == 10
    monkeypatch.chdir(FIXTURES.parent)
    names = {}
    exec(code, names)
    assert len(names["rows"]) > 10 and "accepted" in capfd.readouterr().out
