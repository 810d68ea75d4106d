"""Sessions in DuckDB: rows of an audit as a table to query.

    python duckdb_audit.py POLICY EVIDENCE EXPORT.jsonl
"""

import sys

import duckdb

import result_vp

policy, evidence, export = sys.argv[1:]
verifier = result_vp.Verifier(policy, evidence)
database = duckdb.connect()
# One column of whole lines: a separator and a quotation mark that no line of JSON has.
sessions = database.sql(
    f"""select session from read_csv('{export}', columns = {{'session': 'varchar'}}, header = false,
        delim = '\x01', quote = '', escape = '', max_line_size = 16777216)"""
)
rows = verifier.verify_arrow(sessions, input=export)
# DuckDB reads Arrow by the variable's name.
database.sql("create table audit as select * from rows")
database.sql("select verdict_now, count(*) as sessions from audit group by all order by all").show()
database.sql(
    """select c."check", c.code, count(*) as rows from (select unnest(checks_now) as c from audit)
       where c.outcome in ('fail', 'indeterminate') group by all order by all"""
).show()
