"""What a report says, in the names of ``result-vp verify --format json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass(frozen=True)
class Check:
    """One check and its outcome: ``pass``, ``fail``, ``indeterminate``, ``not_applicable``, ``waived``.

    ``code`` is the reason's stable word, ``detail`` what it is about; neither holds a claim.
    ``result-vp explain CODE`` says what to do.
    """

    check: str
    outcome: str
    code: Optional[str] = None
    detail: Optional[str] = None


@dataclass(frozen=True)
class Claim:
    """A signed claim. ``state`` is ``disclosed``, ``empty``, ``not_disclosed``, ``absent``, ``ambiguous`` or
    ``undefined``; only of the first there is a value.

    ``value`` has one form however it was written, ``raw`` is as it was signed, ``values`` of a claim that
    may have several. An image has ``media_type``, ``bytes`` (its length) and ``sha256``; its ``raw`` is base64,
    and only there if you ask for images.
    """

    state: str
    value: Optional[str] = field(default=None, repr=False)
    raw: Optional[str] = field(default=None, repr=False)
    values: tuple[str, ...] = field(default=(), repr=False)
    precision: Optional[str] = field(default=None, repr=False)
    media_type: Optional[str] = field(default=None, repr=False)
    bytes: Optional[int] = field(default=None, repr=False)
    sha256: Optional[str] = field(default=None, repr=False)
    source: str = field(default="", repr=False)


@dataclass(frozen=True)
class Credential:
    """One credential. ``claims`` and ``signed_claims`` (by predicate) are there only if the whole report is
    accepted; ``claims`` only of a government ID of a known vocabulary."""

    verdict: str
    id: Optional[str] = field(repr=False)
    types: tuple[str, ...] = field(repr=False)
    issuer: Optional[str] = field(repr=False)
    verification_method: Optional[str] = field(repr=False)
    suite: Optional[str]
    issuance_date: Optional[str] = field(repr=False)
    hidden_statements: Optional[int]
    checks: tuple[Check, ...]
    vocabulary: Optional[str]
    claims: Optional[dict[str, Claim]] = field(repr=False)
    signed_claims: Optional[dict[str, list[str]]] = field(repr=False)


@dataclass(frozen=True)
class Verification:
    """What the service says of a verification: signed by nobody."""

    id: str = field(repr=False)
    type: str
    state: str
    fail_code: Optional[str]
    reused: Optional[bool]
    begun: Optional[str]
    updated: Optional[str]


@dataclass(frozen=True)
class Session:
    """What the service says of a session: signed by nobody. Times are RFC 3339."""

    id: str = field(repr=False)
    state: str
    fail_code: Optional[str]
    created: Optional[str]
    updated: Optional[str]
    retryable: bool
    verifications: tuple[Verification, ...]


@dataclass(frozen=True)
class Warning:
    """What changes no verdict, and a person should look at."""

    code: str
    detail: Optional[str] = None


@dataclass(frozen=True)
class Report:
    """The answer: ``verdict`` is ``accepted``, ``rejected`` or ``indeterminate`` (evidence is missing, and a check
    says which). ``checks`` are those of the session; each credential has its own. No ``repr`` holds a claim.
    """

    verdict: str
    checks: tuple[Check, ...]
    credentials: tuple[Credential, ...]
    warnings: tuple[Warning, ...]
    session: Optional[Session]

    @property
    def accepted(self) -> bool:
        """Whether the verdict is ``accepted``."""
        return self.verdict == "accepted"

    @property
    def claims(self) -> dict[str, Claim]:
        """The claims of the only credential of an accepted report.

        Raises ``ValueError`` if it is not accepted, has several credentials, or one that is no government ID.
        """
        if not self.accepted:
            raise ValueError(f"the verdict is {self.verdict}: there are no claims")
        if len(self.credentials) != 1:
            raise ValueError("there are several credentials: read the claims of each")
        claims = self.credentials[0].claims
        if claims is None:
            raise ValueError("the credential is no government ID: read its signed_claims")
        return claims


def _checks(answers: list[dict[str, Any]]) -> tuple[Check, ...]:
    return tuple(Check(**answer) for answer in answers)


def _claim(answer: dict[str, Any]) -> Claim:
    return Claim(**{**answer, "values": tuple(answer.get("values", ()))})


def _credential(answer: dict[str, Any]) -> Credential:
    claims = answer["claims"]
    return Credential(
        **{
            **answer,
            "types": tuple(answer["types"]),
            "checks": _checks(answer["checks"]),
            "claims": claims and {name: _claim(claim) for name, claim in claims.items()},
        }
    )


def _session(answer: dict[str, Any]) -> Session:
    verifications = tuple(Verification(**it) for it in answer["verifications"])
    return Session(**{**answer, "verifications": verifications})


def report(answer: dict[str, Any]) -> Report:
    """The report that an answer of the native module tells."""
    session = answer["session"]
    return Report(
        verdict=answer["verdict"],
        checks=_checks(answer["checks"]),
        credentials=tuple(_credential(it) for it in answer["credentials"]),
        warnings=tuple(Warning(*it) for it in answer["warnings"]),
        session=session and _session(session),
    )
