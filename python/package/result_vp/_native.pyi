from typing import Any, Optional, final

__all__ = ["Error", "Rows", "Schema", "UnreadableError", "UsageError", "Verifier", "__version__", "repeat"]

__version__: str

class Error(Exception):
    """Why nothing was asked; it holds no claim."""

class UsageError(Error):
    """A policy, evidence or argument is not what it has to be; the text says what to do."""

class UnreadableError(Error):
    """The input cannot be read, or does not hold what was asked about: there is no verdict."""

@final
class Rows:
    """Rows of an audit as Arrow: `pyarrow.table(rows)`, `polars.DataFrame(rows)`, and DuckDB's SQL by the
    variable's name."""

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object: ...

@final
class Schema:
    """The columns of rows: `pyarrow.schema(result_vp.Schema())`."""

    def __new__(cls, proof_marks: bool = False) -> Schema: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Verifier:
    policy_sha256: str
    evidence_sha256: str
    left_out: list[str]
    def __new__(cls, policy: Any, evidence: list[Any], insecure_any_issuer: bool) -> Verifier: ...
    def parts(self) -> tuple[bytes, list[bytes], bool]: ...
    def verify(
        self,
        session: bytes,
        session_id: Optional[str],
        at: Optional[str],
        images: bool,
        insecure_any_session: bool,
    ) -> str: ...
    def verify_arrow(
        self,
        data: Any,
        column: Optional[str],
        id_column: Optional[str],
        input: str,
        input_column: Optional[str],
        record_column: Optional[str],
        at: Optional[str],
        at_issuance: bool,
        claims: str,
        hash_key: Optional[bytes],
        proof_marks: bool,
        insecure_any_session: bool,
    ) -> Rows: ...

def repeat(data: Any, replayed: str, repeated: str) -> Rows: ...
