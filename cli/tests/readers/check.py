"""Reads the outputs of an audit with other programs; ends with an error if one reads something else."""

import csv
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb
import pyarrow.parquet

here = pathlib.Path(sys.argv[1])
rows = [json.loads(line) for line in (here / "audit.jsonl").read_text().splitlines()]
assert len(rows) > 10, len(rows)

# DuckDB: the same rows from Parquet as from JSON Lines, types and lists among them.
parquet, lines = f"'{here}/audit.parquet'", f"read_json('{here}/audit.jsonl')"
for query in [
    "select verdict_now, count(*) from {} group by all order by all",
    "select input, record, item, credential, issuer, given_name from {} order by all",
    'select c."check", c.outcome, c.code, count(*) from (select unnest(checks_now) c from {}) group by all order by all',
    "select count(*) from {} where session_created < '2025-01-01T00:00:00Z'::timestamptz",
    "select sum(len(verifications)) from {}",
]:
    found, expected = (duckdb.sql(query.format(table)).fetchall() for table in (parquet, lines))
    assert found == expected and found, (query, found, expected)
kind = duckdb.sql(f"select typeof(session_created) from {parquet} limit 1").fetchall()
assert kind == [("TIMESTAMP WITH TIME ZONE",)], kind

# pyarrow: every column, in the order of the rows.
table = pyarrow.parquet.read_table(here / "audit.parquet")
assert table.column_names == list(rows[0]), table.column_names
assert table.column("vp_sha256").to_pylist() == [row["vp_sha256"] for row in rows]
assert table.column("checks_now").to_pylist() == [row["checks_now"] for row in rows]
file = pyarrow.parquet.read_metadata(here / "audit.parquet")
encodings = {
    encoding
    for group in range(file.num_row_groups)
    for column in range(file.num_columns)
    for encoding in file.row_group(group).column(column).encodings
}
assert encodings <= {"PLAIN", "RLE", "PLAIN_DICTIONARY", "RLE_DICTIONARY"}, encodings

# CSV: as many rows, the same verdicts.
with open(here / "audit.csv", newline="") as file:
    cells = list(csv.DictReader(file))
assert [cell["verdict_now"] for cell in cells] == [row["verdict_now"] for row in rows]

# A browser: no error on the console, and the counts of the summary.
summary = json.loads((here / "audit.json").read_text())
with tempfile.TemporaryDirectory() as profile:
    browser = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--enable-logging=stderr", "--log-level=0", f"--user-data-dir={profile}",
            "--virtual-time-budget=2000", "--dump-dom", f"file://{here}/audit.html",
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )
console = [line for line in browser.stderr.splitlines() if "CONSOLE" in line]
assert not console, console
text = html.unescape(re.sub(r"<[^>]+>", " ", browser.stdout))
words = re.sub(r"\s+", " ", text)
assert f"{summary['records']} records, {summary['rows']} rows" in words, words[:400]
for verdict, count in summary["verdicts_now"].items():
    assert f"{verdict} {count} " in words, (verdict, count)
for check, codes in summary["failing_now"].items():
    for code in codes:
        assert f"{check}: {code}" in words, (check, code)
assert "MIRABEL" not in browser.stdout
print(f"readers: {len(rows)} rows read alike by DuckDB {duckdb.__version__}, pyarrow {pyarrow.__version__} and a browser")
