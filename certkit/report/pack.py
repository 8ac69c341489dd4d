"""What `certkit pack` shows."""

from pathlib import Path

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.formats.writing import Container
from certkit.report import one_line
from certkit.report.remarks import remarks


def document(bundle: Bundle, path: Path, container: Container) -> dict[str, object]:
    """Returns the document `certkit.pack/1`."""
    return {
        "schema": "certkit.pack/1",
        "path": str(path),
        "container": container.value,
        "leaf_sha256": x.fingerprint(bundle.leaf),
        "chain_sha256": [
            x.fingerprint(certificate) for certificate in bundle.whole_chain if certificate != bundle.leaf
        ],
    }


def text(bundle: Bundle, path: Path, container: Container) -> str:
    """Returns what a person reads: what was written, and what is odd about it."""
    count = 1 + sum(certificate != bundle.leaf for certificate in bundle.whole_chain)
    what = "1 certificate" if count == 1 else f"{count} certificates"
    key = "" if container is Container.P7B else "1 private key, "
    written = f"{one_line(str(path))}: {container.value.upper()}, {key}{what}"
    return "\n".join([written, *(f"  {line}" for line in remarks(bundle))])
