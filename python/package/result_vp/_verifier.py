"""The verifier, with the words and types of Python around the native one."""

from __future__ import annotations

import functools
import json
import os
from datetime import datetime, timezone
from typing import Any, Iterable, Literal, Optional, Union

from . import _native, _report

Text = Union[str, "os.PathLike[str]", bytes]
"""A file by its path; or as ``bytes`` what such a file holds."""


class Verifier:
    """Verifies by one policy and one set of evidence. Make one for each process, and keep it: it holds the
    issuers' keys decoded. It may be used by many threads at once.

    ``policy``: a policy file in TOML (``result-vp policy show``): a path, or its text as ``bytes``.

    ``evidence``: bundles, DID documents, status lists, schemas, or folders of them, as ``--evidence`` takes them;
    one or several, each a path, or the content of a file as ``bytes``.

    It can be pickled: another process then has the same policy and evidence, without the files, and makes
    the verifier once however often it is sent.

    ``insecure_any_issuer``: trust any issuer; everybody can make one.

    Raises ``UsageError`` if the policy or evidence cannot be used, ``OSError`` if a file cannot be read.
    """

    def __init__(
        self,
        policy: Text,
        evidence: Union[Text, Iterable[Text]] = (),
        *,
        insecure_any_issuer: bool = False,
    ) -> None:
        if isinstance(evidence, (str, bytes, os.PathLike)):
            evidence = [evidence]
        self._native = _native.Verifier(policy, list(evidence), insecure_any_issuer)

    @property
    def policy_sha256(self) -> str:
        """The name of the policy in rows."""
        return self._native.policy_sha256

    @property
    def evidence_sha256(self) -> str:
        """The name of the evidence in rows: the same on every machine that was given the same."""
        return self._native.evidence_sha256

    @property
    def left_out(self) -> list[str]:
        """A line for each file of a folder that is no evidence."""
        return self._native.left_out

    def __reduce__(self) -> tuple[Any, ...]:
        policy, evidence, any_issuer = self._native.parts()
        return _sent, (policy, tuple(evidence), any_issuer)

    def __repr__(self) -> str:
        return f"<result_vp.Verifier: policy {self.policy_sha256[:8]}, evidence {self.evidence_sha256[:8]}>"

    def verify(
        self,
        session: Union[str, bytes],
        *,
        session_id: Optional[str] = None,
        at: Optional[datetime] = None,
        images: bool = False,
        insecure_any_session: bool = False,
    ) -> _report.Report:
        """The report on a session (JSON in every spelling, or protobuf), or on a bare presentation.

        ``session_id`` is the id **you** saved when you created the session: it stops a swapped session. Without it
        the session is held against its own id; a bare presentation needs it. Of several sessions it names one.

        ``at`` is the time of the question, with a time zone; without it the clock's.

        ``images`` has portraits in the claims as base64. ``insecure_any_session`` accepts a result made for any session.

        Raises ``UnreadableError`` if the input cannot be read: then there is no verdict. No error holds a claim.
        """
        answer = self._native.verify(
            session.encode("utf-8", "surrogatepass") if isinstance(session, str) else session,
            session_id,
            _instant(at),
            images,
            insecure_any_session,
        )
        return _report.report(json.loads(answer))

    def verify_arrow(
        self,
        data: Any,
        *,
        column: Optional[str] = None,
        id_column: Optional[str] = None,
        input: str = "",
        input_column: Optional[str] = None,
        record_column: Optional[str] = None,
        at: Optional[datetime] = None,
        at_issuance: bool = True,
        claims: Literal["none", "hash", "full"] = "none",
        hash_key: Optional[bytes] = None,
        proof_marks: bool = False,
        insecure_any_session: bool = False,
    ) -> _native.Rows:
        """The rows of ``result-vp audit`` (docs/audit.md) for a table of sessions or presentations.

        ``data``: whatever has ``__arrow_c_array__`` or ``__arrow_c_stream__``: a record batch, table, data frame or stream of
        pyarrow, Polars, DuckDB, pandas and others. Its ``column`` (unasked: ``session``, ``result_vp`` or ``vp``) holds texts or
        bytes, which are read where they stand.

        ``id_column`` has the session ids **you** saved. ``input`` or ``input_column``, and ``record_column`` (counted from 1
        without it), say in the rows where a record stands.

        ``at`` is the time of ``verdict_now``, with a time zone; without it the clock's when the call begins. With
        ``at_issuance`` there is the verdict as of issuance too.

        ``claims``: whether the rows hold the signed claims of what is accepted: ``"none"``, ``"full"``, or ``"hash"``, an
        HMAC-SHA256 by ``hash_key``.

        A record that cannot be read is a row with an ``error``, and the next one is read. A proof that stands under two
        sessions of the call is rejected in both rows; ``proof_marks`` adds a last column to compare calls by (``repeat``).

        Other threads run meanwhile. What it holds is all rows: some 3 kB for each.
        """
        return self._native.verify_arrow(
            data,
            column,
            id_column,
            input,
            input_column,
            record_column,
            _instant(at),
            at_issuance,
            claims,
            hash_key,
            proof_marks,
            insecure_any_session,
        )


@functools.lru_cache(maxsize=4)
def _sent(policy: bytes, evidence: tuple[bytes, ...], any_issuer: bool) -> Verifier:
    return Verifier(policy, evidence, insecure_any_issuer=any_issuer)


def repeat(data: Any, *, replayed: str = "replayed", repeated: str = "repeated") -> _native.Rows:
    """Makes rows say what is known once the rows of all calls were compared by their ``proof_marks``.

    ``data`` has the columns of rows and two of truths: ``replayed``, the proof stands under another session too (the check
    ``replay`` fails and the row is rejected), and ``repeated``, it stands twice under its own.
    """
    return _native.repeat(data, replayed, repeated)


def _instant(at: Optional[datetime]) -> Optional[str]:
    if at is None:
        return None
    if at.tzinfo is None:
        raise _native.UsageError("at: has no time zone; say datetime(…, tzinfo=timezone.utc)")
    return at.astimezone(timezone.utc).isoformat()
