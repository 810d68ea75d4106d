"""What must work where nothing but the package is installed."""

import pathlib
import sys
from datetime import datetime, timezone

import result_vp

fixtures = pathlib.Path(sys.argv[1])
policy = b'[[issuer]]\ndid = "did:web:issuer.example"'
verifier = result_vp.Verifier(policy, [fixtures / "did", fixtures / "evidence"])
session = (fixtures / "sessions/success.json").read_bytes()
report = verifier.verify(session, at=datetime(2024, 6, 1, tzinfo=timezone.utc))
assert report.accepted and report.claims["family_name"].value == "EXEMPLARIS"
print(f"result-vp {result_vp.__version__} from {pathlib.Path(result_vp.__file__).parent}: {report.verdict}")
