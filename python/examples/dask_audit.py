"""Sessions in Dask: each partition is verified by whichever process has it.

    python dask_audit.py POLICY EVIDENCE EXPORT.jsonl OUT
"""

import sys

import dask
import dask.bag
import pyarrow
import pyarrow.parquet

import result_vp


def verify(lines, number, verifier, out):
    """Writes the rows of a partition; their number. The verifier is made once for each process."""
    sessions = pyarrow.table({"session": list(lines)})
    rows = verifier.verify_arrow(sessions, input=f"partition {number}")
    pyarrow.parquet.write_table(pyarrow.table(rows), f"{out}/part-{number:05}.parquet")
    return len(rows)


if __name__ == "__main__":
    policy, evidence, export, out = sys.argv[1:]
    verifier = result_vp.Verifier(policy, evidence)
    lines = dask.bag.read_text(export, blocksize="4MB")
    parts = [
        dask.delayed(verify)(part, number, verifier, out)
        for number, part in enumerate(lines.to_delayed())
    ]
    print(sum(dask.compute(*parts, scheduler="processes")), "rows")
