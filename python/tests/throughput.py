"""What a record takes through `verify_arrow`, on one thread."""

import pathlib
import sys
import time
from datetime import datetime, timezone

import pyarrow
import result_vp

folder = pathlib.Path(sys.argv[1])
policy = b'[[issuer]]\ndid = "did:web:issuer-0.example"\n[[issuer]]\ndid = "did:web:issuer-1.example"'
verifier = result_vp.Verifier(policy, folder / "evidence")
sessions = pyarrow.table({"session": (folder / "export.jsonl").read_text().splitlines()})
at = datetime(2024, 6, 1, tzinfo=timezone.utc)
for name, at_issuance in [("one time", False), ("two times", True)]:
    verifier.verify_arrow(sessions.slice(0, 1024), at=at, at_issuance=at_issuance)
    begun = time.perf_counter()
    rows = verifier.verify_arrow(sessions, at=at, at_issuance=at_issuance, claims="full")
    each = (time.perf_counter() - begun) / len(sessions) * 1e6
    print(f"verify_arrow: {each:.1f} us for each of {len(rows)} records, as of {name}, one thread")
