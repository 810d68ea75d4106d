"""Verifies W3C Verifiable Presentations of Trinsic Connect sessions.

    verifier = result_vp.Verifier(policy="policy.toml", evidence="evidence.json")
    report = verifier.verify(session, session_id=saved_id)
    report.verdict                      # "accepted", "rejected" or "indeterminate"
    rows = verifier.verify_arrow(table) # a row for each credential, as Arrow

Claims are read only from what was signed. Nothing here uses the network. The clock is yours: without
``at`` it is the machine's when the call begins.
"""

from ._native import Error, Rows, Schema, UnreadableError, UsageError, __version__
from ._report import Check, Claim, Credential, Report, Session, Verification, Warning
from ._verifier import Verifier, repeat

__all__ = [
    "Check",
    "Claim",
    "Credential",
    "Error",
    "Report",
    "Rows",
    "Schema",
    "Session",
    "UnreadableError",
    "UsageError",
    "Verification",
    "Verifier",
    "Warning",
    "__version__",
    "repeat",
]
