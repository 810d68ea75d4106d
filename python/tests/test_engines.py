"""Engines give the rows of `result-vp audit`, and a poison record costs its row alone.

`RESULT_VP_EXPORT` is a folder of generated sessions: `cargo bench --bench export -- write COUNT FOLDER`.
"""

import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pyarrow
import pyarrow.parquet
import pytest
import result_vp
from cluster import cluster, until
from common import AT, ROOT, audit, command, plain, policy

EXAMPLES = ROOT / "python/examples"
ISSUERS = ["did:web:issuer-0.example", "did:web:issuer-1.example"]
POISON = ["{", '"no presentation"', "\x00\x01", '{"id": "x", "resultVp": "' + "[" * 5000 + '"}']


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Generated sessions with poison among them, their evidence, policy and the rows of the command."""
    folder = tmp_path_factory.mktemp("export")
    source = pathlib.Path(os.environ["RESULT_VP_EXPORT"])
    lines = (source / "export.jsonl").read_bytes().splitlines()
    middle = len(lines) // 2
    lines[middle:middle] = [it.encode() for it in POISON]
    # What no engine may take for a text, a line that is empty, and a result that stands there twice
    # under two sessions.
    lines[3:3] = [b'{"id": "\xff"}', b""]
    lines.append(lines[0])
    lines.append(lines[0].replace(b'"0f5a1c52', b'"1f5a1c52', 1))
    path = folder / "export.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    (folder / "policy.toml").write_bytes(policy(*ISSUERS))
    bundle = source / "evidence"
    rows = audit(folder, [path], "--as-of", AT.isoformat(), evidence=[bundle], issuers=ISSUERS)
    assert len(rows) >= len(lines) - 1
    return Export(path, folder / "policy.toml", bundle, rows)


Export = collections.namedtuple("Export", "path policy evidence rows")


def in_order(rows):
    return sorted(rows, key=lambda row: (row["record"], row["item"], row["credential"] or 0))


def test_spark_gives_the_rows_of_the_command_also_when_an_executor_is_killed(export, tmp_path):
    with cluster(tmp_path) as spark:
        out = tmp_path / "out"
        asked = ["--policy", export.policy, "--evidence", export.evidence, "--out", out]
        asked += ["--as-of", AT.strftime("%Y-%m-%dT%H:%M:%SZ"), export.path]
        size = export.path.stat().st_size
        split = {"spark.sql.files.maxPartitionBytes": size // 24, "spark.sql.files.openCostInBytes": 0}
        run = spark.submit(EXAMPLES / "spark_audit.py", *asked, **split)
        work = tmp_path / "out.work/part-00000/_temporary"
        until(lambda: any(work.rglob("task_*/*.parquet")), 240, run)
        before = spark.executors()
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(spark.executors()) - set(before)) == 1, 120, run)
        printed = run.communicate(timeout=600)[0]
        assert run.returncode == 0
        summary = json.loads(printed)
        assert summary["rows"] == len(export.rows)

        # A run that was done verifies nothing again: the parts are there.
        told = {path: path.stat().st_mtime_ns for path in (tmp_path / "out.work").rglob("part-*.parquet")}
        again = spark.submit(EXAMPLES / "spark_audit.py", *asked, **split)
        assert json.loads(again.communicate(timeout=600)[0]) == summary
        assert told == {path: path.stat().st_mtime_ns for path in told}

    table = pyarrow.parquet.read_table(out)
    rows = plain(table.to_pylist())
    for row in rows:
        row["input"] = row["input"].removeprefix("file:")
    found, expected = in_order(rows), in_order(export.rows)
    differing = [mine["record"] for mine, theirs in zip(found, expected) if mine != theirs]
    assert len(found) == len(expected) and not differing, differing[:5]
    assert sum(row["verdict_now"] == "error" for row in rows) >= len(POISON)

    # The schema of the command's own Parquet, names and types.
    by_command = tmp_path / "command.parquet"
    arguments = ["--issuer", ISSUERS[0], "--evidence", export.evidence, "--out", by_command]
    empty = tmp_path / "one.jsonl"
    empty.write_bytes(export.path.read_bytes().splitlines()[0])
    command("audit", "--quiet", *arguments, empty)
    ours = pyarrow.parquet.read_schema(next(out.glob("part-*.parquet")))
    assert columns(ours) == columns(pyarrow.parquet.read_schema(by_command))


def columns(schema):
    return [(field.name, str(field.type).replace("+00:00", "UTC")) for field in schema]


def run(script, *arguments):
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, EXAMPLES / script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    print(f"{script}: {time.monotonic() - began:.1f} s")
    return done.stdout


def counts(rows):
    return collections.Counter(row["verdict_now"] for row in rows)


@pytest.fixture(scope="module")
def readable(export, tmp_path_factory):
    """The lines that are texts, for engines that read nothing else."""
    path = tmp_path_factory.mktemp("readable") / "export.jsonl"
    lines = export.path.read_bytes().splitlines()
    path.write_bytes(b"\n".join(line for line in lines if line and b"\xff" not in line and b"\0" not in line) + b"\n")
    rows = audit(path.parent, [path], evidence=[export.evidence], issuers=ISSUERS)
    return export._replace(path=path, rows=rows)


@pytest.mark.parametrize("script", ["duckdb_audit.py", "polars_audit.py"])
def test_an_engine_counts_the_verdicts_of_the_command(script, readable):
    printed = run(script, readable.policy, readable.evidence, readable.path)
    words = printed.replace("│", " ").replace("┆", " ").split()
    for verdict, count in counts(readable.rows).items():
        at = words.index(verdict)
        assert words[at + 1] == str(count), printed


def test_dask_writes_the_rows_of_the_command(readable, tmp_path):
    printed = run("dask_audit.py", readable.policy, readable.evidence, readable.path, tmp_path)
    rows = pyarrow.parquet.read_table(tmp_path).to_pylist()
    assert printed.split()[0] == str(len(rows)) == str(len(readable.rows))
    # A partition does not know the others: the sessions that stand there twice may be in two.
    found, expected = counts(rows), counts(readable.rows)
    assert sum((found - expected).values()) <= 3, (found, expected)
    assert {row["evidence_sha256"] for row in rows} == {readable.rows[0]["evidence_sha256"]}


def test_a_verifier_is_the_same_in_another_process(export):
    import pickle

    verifier = result_vp.Verifier(export.policy, export.evidence)
    other = pickle.loads(pickle.dumps(verifier))
    assert (other.policy_sha256, other.evidence_sha256) == (verifier.policy_sha256, verifier.evidence_sha256)
    assert pickle.loads(pickle.dumps(verifier)) is other
    table = pyarrow.table({"session": export.path.read_bytes().splitlines()[:20]})
    rows = [pyarrow.table(it.verify_arrow(table, at=AT)) for it in (verifier, other)]
    assert rows[0] == rows[1]
