"""What `certkit split` shows."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.report import certificate as certificates
from certkit.report import one_line


def document(bundles: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Returns the document `certkit.split/1`."""
    return {"schema": "certkit.split/1", "bundles": list(bundles)}


def item(source: str, bundle: Bundle, paths: Mapping[str, Path | None]) -> dict[str, object]:
    """Returns one bundle's entry in the document; `paths` are those of key, body and chain."""
    return {
        "source": source,
        **{part: str(path) if path else None for part, path in paths.items()},
        "complete": bundle.is_complete,
        "leaf_sha256": x.fingerprint(bundle.leaf),
        "chain_sha256": [x.fingerprint(certificate) for certificate in bundle.chain],
        "dropped": [{"sha256": dropped.sha256, "reason": dropped.reason.value} for dropped in bundle.dropped],
    }


def text(source: str, bundle: Bundle, paths: Mapping[str, Path | None]) -> str:
    """Returns what a person reads: which file holds what, and what was left out."""
    names = ", ".join(x.dns_names(bundle.leaf)) or x.title(bundle.leaf)
    about = {
        "key": f"{x.key_algorithm(bundle.private_key)}, unencrypted, readable by you alone",
        "body": f"{names}, until {certificates.time_text(bundle.leaf.not_valid_after_utc)[:10]}",
        "chain": " <- ".join(x.title(certificate) for certificate in bundle.chain),
    }
    width = max(len(str(path)) for path in paths.values() if path)
    lines = [one_line(source)]
    lines += [f"  {part:<5}  {path!s:<{width}}  {one_line(about[part])}" for part, path in paths.items() if path]
    lines += [f"  {line}" for line in _remarks(bundle)]
    return "\n".join(lines)


def _remarks(bundle: Bundle) -> Iterable[str]:
    if not bundle.chain:
        what = (
            "the certificate is self-signed" if bundle.is_complete else "the input holds no issuer of the certificate"
        )
        yield f"no chain: {what}"
    for dropped in bundle.dropped:
        name = x.title(dropped.certificate) if dropped.certificate else f"sha256 {dropped.sha256[:16]}…"
        yield f"left out: {one_line(name)} ({dropped.reason})"
    for note in bundle.notes:
        yield f"note: {one_line(note)}"
