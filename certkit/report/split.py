"""What `certkit split` shows."""

from collections.abc import Iterable, Mapping, Sequence

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.layout import Layout
from certkit.report import certificate as certificates
from certkit.report import one_line
from certkit.report.remarks import remarks
from certkit.split import Written


def document(bundles: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Returns the document `certkit.split/1`."""
    return {"schema": "certkit.split/1", "bundles": list(bundles)}


def item(source: str, bundle: Bundle, layout: Layout, files: Sequence[Written]) -> dict[str, object]:
    """Returns one bundle's entry in the document; what the files hold stands there where it is not one part for each."""
    return {
        "source": source,
        **{part: _path(part, files) for part in ("key", "body", "chain")},
        "complete": bundle.is_complete,
        "leaf_sha256": x.fingerprint(bundle.leaf),
        "chain_sha256": [x.fingerprint(certificate) for certificate in bundle.chain],
        "dropped": [{"sha256": dropped.sha256, "reason": dropped.reason.value} for dropped in bundle.dropped],
        **({} if layout is Layout.ACM else {"layout": layout.value, "files": [_file(file) for file in files]}),
    }


def text(source: str, bundle: Bundle, files: Sequence[Written]) -> str:
    """Returns what a person reads: which file holds what, and what was left out."""
    names = ", ".join(x.dns_names(bundle.leaf)) or x.title(bundle.leaf)
    about = {
        "key": f"{x.key_algorithm(bundle.private_key)}, unencrypted, readable by you alone",
        "body": f"{names}, until {certificates.date_text(bundle.leaf.not_valid_after_utc)}",
        "chain": " <- ".join(x.title(certificate) for certificate in bundle.chain),
    }
    rows = [
        ("+".join(file.holds), one_line(str(file.path)), one_line("; ".join(about[part] for part in file.holds)))
        for file in files
    ]
    width = max(len("chain"), *(len(parts) for parts, _, _ in rows))
    room = max(len(path) for _, path, _ in rows)
    lines = [one_line(source)]
    lines += [f"  {parts:<{width}}  {path:<{room}}  {what}" for parts, path, what in rows]
    lines += [f"  {line}" for line in _remarks(bundle)]
    return "\n".join(lines)


def _path(part: str, files: Sequence[Written]) -> str | None:
    """Returns where a part stands: the file of its own, if it has one."""
    return next((str(file.path) for file in sorted(files, key=_parts_in) if part in file.holds), None)


def _parts_in(file: Written) -> int:
    return len(file.holds)


def _file(file: Written) -> dict[str, object]:
    return {"path": str(file.path), "holds": list(file.holds)}


def _remarks(bundle: Bundle) -> Iterable[str]:
    if not bundle.chain:
        missing = "the input lacks the certificate's issuer; name it with --chain FILE, or fetch it with --complete"
        yield f"no chain: {'the certificate is self-signed' if x.is_self_signed(bundle.leaf) else missing}"
    yield from remarks(bundle)
