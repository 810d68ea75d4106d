"""What the tests share: the fixtures, the command, and how both are asked the same."""

import json
import os
import pathlib
import subprocess
from datetime import datetime, timezone

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
ISSUER = "did:web:issuer.example"
SESSION = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"
AT = datetime(2024, 6, 1, tzinfo=timezone.utc)
EVIDENCE = [FIXTURES / "did", FIXTURES / "evidence"]


def command(*arguments, accept=(0, 1, 3, 7)):
    """What the command prints; `RESULT_VP` names it."""
    done = subprocess.run(
        [os.environ["RESULT_VP"], *map(str, arguments)], capture_output=True, check=False
    )
    assert done.returncode in accept, done.stderr.decode()
    return done.stdout


def policy(*issuers, **settings):
    """The text of a policy."""
    lines = [f'{name} = "{value}"' for name, value in settings.items()]
    lines += [f'[[issuer]]\ndid = "{issuer}"' for issuer in issuers or [ISSUER]]
    return "\n".join(lines).encode()


def audit(folder, inputs, *arguments, evidence=EVIDENCE, issuers=(ISSUER,)):
    """The rows of an audit by the command."""
    out = folder / "audit.jsonl"
    out.unlink(missing_ok=True)
    command(
        "audit",
        "--quiet",
        *[it for issuer in issuers for it in ("--issuer", issuer)],
        *[it for path in evidence for it in ("--evidence", path)],
        *arguments,
        "--out",
        out,
        *inputs,
    )
    return [json.loads(line) for line in out.read_text().splitlines()]


def connect_cases():
    """The shared cases; none where `RESULT_VP_VECTORS` names no folder."""
    folder = os.environ.get("RESULT_VP_VECTORS")
    if not folder:
        return []
    folder = pathlib.Path(folder) / "connect"
    cases = json.loads((folder / "manifest.json").read_text())["cases"]
    assert len(cases) > 200, "the manifest lists the cases"
    return [(folder, case) for case in cases]


def plain(rows):
    """Rows of pyarrow as the lines of an audit have them."""

    def value(it):
        if isinstance(it, datetime):
            return it.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(it, dict):
            return {name: value(member) for name, member in it.items()}
        return [value(element) for element in it] if isinstance(it, list) else it

    return [value(row) for row in rows]
