"""What `certkit config check` shows."""

from collections.abc import Sequence

from certkit.errors import ConfigurationError
from certkit.manifest import Manifest
from certkit.report import failure, one_line


def document(path: str, manifest: Manifest | None, errors: Sequence[ConfigurationError]) -> dict[str, object]:
    """Returns the document: what is wrong, and without an error how many certificates and accounts there are."""
    return {
        "schema": "certkit.config-check/1",
        "path": path,
        "certificates": len(manifest.certificates) if manifest else None,
        "accounts": len(manifest.accounts) if manifest else None,
        "errors": [failure.detail(error) for error in errors],
    }


def text(path: str, manifest: Manifest | None, errors: Sequence[ConfigurationError]) -> str:
    """Returns what a person reads."""
    lines = [line for error in errors for line in _lines(error)]
    if manifest is None:
        return "\n".join([*lines, f"{one_line(path)}: {_count(len(errors), 'error')}"])
    certificates, accounts = len(manifest.certificates), len(manifest.accounts)
    return f"{one_line(path)}: no error; {_count(certificates, 'certificate')}, {_count(accounts, 'account')}"


def _lines(error: ConfigurationError) -> list[str]:
    hint = [f"  hint: {one_line(error.hint)}"] if error.hint else []
    return [one_line(error.message), *hint]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
