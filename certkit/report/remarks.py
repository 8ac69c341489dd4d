"""What is said of a bundle beside its result: what was left out of it, and what a person would want to know."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.bundle import Bundle, Dropped, Reason
from certkit.report import one_line

_REASONS: Final = {
    Reason.ROOT: "the root: clients have it",
    Reason.DUPLICATE: "it stands there twice",
    Reason.LEAF_COPY: "the leaf stands there twice",
    Reason.UNRELATED: "not on the path from the leaf",
    Reason.ALTERNATIVE: "on another path than the one taken",
    Reason.EXPIRED: "expired, and another stands in its place",
    Reason.UNREADABLE: "it cannot be parsed",
}


def remarks(bundle: Bundle) -> Iterator[str]:
    """Yields a line for each certificate that was left out, and for each note."""
    titles = _titles(bundle) if bundle.dropped else {}
    for dropped in bundle.dropped:
        why = f"{_REASONS[dropped.reason]}: {dropped.flaw}" if dropped.flaw else _REASONS[dropped.reason]
        yield f"left out: {one_line(_name(dropped, titles))} ({one_line(why)})"
    for note in bundle.notes:
        yield f"note: {one_line(note)}"


def _titles(bundle: Bundle) -> Mapping[str, int]:
    """Returns how many certificates of the input are called by each title."""
    there = {bundle.leaf, *bundle.chain, *(dropped.certificate for dropped in bundle.dropped if dropped.certificate)}
    return Counter(map(x.title, there))


def _name(dropped: Dropped, titles: Mapping[str, int]) -> str:
    """Returns what it is called by; a root and its cross-certificate have one name, and differ in who issued them."""
    if dropped.certificate is None:
        return f"sha256 {dropped.sha256[:16]}…"
    title = x.title(dropped.certificate)
    if titles[title] == 1:
        return title
    return f"{title}, {_origin(dropped.certificate)}"


def _origin(certificate: x509.Certificate) -> str:
    if x.is_self_signed(certificate):
        return "self-signed"
    issuer = x.issuer(certificate)
    names = issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME) if issuer else []
    named = str(names[-1].value) if names else issuer.rfc4514_string() if issuer else ""
    return f"issued by {named or 'nobody that it names'}"
