"""Sessions in Polars: rows of an audit as a data frame.

    python polars_audit.py POLICY EVIDENCE EXPORT.jsonl
"""

import sys

import polars

import result_vp

policy, evidence, export = sys.argv[1:]
verifier = result_vp.Verifier(policy, evidence)
with open(export, encoding="utf-8") as lines:
    sessions = polars.DataFrame({"session": [line.rstrip("\n") for line in lines]})
rows = polars.DataFrame(verifier.verify_arrow(sessions, input=export))
print(rows.group_by("verdict_now").len().sort("verdict_now"))
checks = rows.select(polars.col("checks_now").explode().struct.unnest())
failed = checks.filter(polars.col("outcome").is_in(["fail", "indeterminate"]))
print(failed.group_by("check", "code").len().sort("check", "code"))
