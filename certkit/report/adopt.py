"""What `certkit adopt` shows: the manifest for what is in ACM, as TOML."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from certkit.adoption import Adopted, Held
from certkit.manifest import Account
from certkit.report import certificate as certificates
from certkit.report import imports
from certkit.report.imports import Told

_HEAD: Final = """\
# What ACM holds, written by certkit adopt --all. Nothing was imported.
# Fill in where each bundle comes from; then certkit plan says what differs.
"""
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def document(outcomes: Iterable[Told], manifest: str | None = None) -> dict[str, object]:
    """Returns the document `certkit.adopt/1`."""
    return {**imports.document("adopt", outcomes), "manifest": manifest}


def manifest_text(adopted: Iterable[Adopted], accounts: Sequence[Account]) -> str:
    """Returns a manifest, in TOML, the same for the same; `accounts` are those that it may name."""
    names = {account.id: account.name for account in accounts}
    tables = [*map(_account, accounts), *(_certificate(one, names) for one in adopted)]
    return "\n".join([_HEAD, *tables]) if tables else _HEAD


def _account(account: Account) -> str:
    settings = {"id": account.id, "role": account.role, "external_id": account.external_id}
    lines = [f"{key} = {_string(value)}" for key, value in settings.items() if value]
    return "\n".join([f"[accounts.{_string(account.name)}]", *lines, ""])


def _certificate(one: Adopted, names: Mapping[str, str]) -> str:
    lines = [f"[certificates.{_string(one.name)}]", f"source = {_string(_file_name(one.name))}  # TO BE FILLED IN"]
    lines.append(f"regions = {_strings(one.regions)}")
    known = [names[account] for account in one.accounts if account in names]
    if known:
        lines.append(f"accounts = {_strings(known)}")
    return "\n".join([*lines, *_comments(one), ""])


def _comments(one: Adopted) -> Iterator[str]:
    """Yields what ACM holds, and what the manifest does not say of it."""
    for member in one.members:
        until = certificates.date_text(member.not_after) if member.not_after else "unknown"
        domain = _comment(member.domain or "no domain")
        yield f"# {member.arn}: {domain}, until {until}{_state(member, one.name)}"
    for other in one.left_out:
        yield f"# NOT TAKEN: {other.arn} carries this name too, and regions and accounts above cannot say so"


def _state(member: Held, name: str) -> str:
    return "" if member.name == name else ", not tagged yet"


def _file_name(name: str) -> str:
    return "".join(one if one.isalnum() or one in "._-" else "-" for one in name) + ".pem"


def _strings(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _string(text: str) -> str:
    """Returns a TOML string; what a terminal would not show as a character is escaped."""
    return '"' + "".join(_ESCAPES.get(one) or (one if one.isprintable() else _escaped(one)) for one in text) + '"'


def _comment(text: str) -> str:
    return _string(text)[1:-1]


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 -- as TOML has it
