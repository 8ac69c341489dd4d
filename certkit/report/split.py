"""What `certkit split` shows."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from certkit import certificate as x
from certkit.bundle import Bundle, Reason
from certkit.report import certificate as certificates
from certkit.report import one_line

_REASONS: Final = {
    Reason.ROOT: "the root: clients have it",
    Reason.DUPLICATE: "it stands there twice",
    Reason.LEAF_COPY: "the leaf stands there twice",
    Reason.UNRELATED: "not on the path from the leaf",
    Reason.ALTERNATIVE: "on another path than the one taken",
    Reason.EXPIRED: "expired, and another stands in its place",
    Reason.UNREADABLE: "not strict DER",
}


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
    written = {part: one_line(str(path)) for part, path in paths.items() if path}
    width = max(map(len, written.values()))
    lines = [one_line(source)]
    lines += [f"  {part:<5}  {path:<{width}}  {one_line(about[part])}" for part, path in written.items()]
    lines += [f"  {line}" for line in _remarks(bundle)]
    return "\n".join(lines)


def _remarks(bundle: Bundle) -> Iterable[str]:
    if not bundle.chain:
        missing = "the input lacks the certificate's issuer; name it with --chain FILE"
        yield f"no chain: {'the certificate is self-signed' if x.is_self_signed(bundle.leaf) else missing}"
    for dropped in bundle.dropped:
        name = x.title(dropped.certificate) if dropped.certificate else f"sha256 {dropped.sha256[:16]}…"
        yield f"left out: {one_line(name)} ({_REASONS[dropped.reason]})"
    for note in bundle.notes:
        yield f"note: {one_line(note)}"
