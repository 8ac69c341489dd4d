"""Rules on what certkit mended in the input: the import is right, and another tool would have sent something else."""

from collections.abc import Iterator

from certkit import certificate as x
from certkit import pages
from certkit.bundle import Reason
from certkit.rules.rule import Candidate, Severity, rule

_AIA = "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1"
_COMPLETE = "nothing for certkit; complete the file for others: certkit split writes the whole chain"
_HINT = "nothing for certkit; mend the file for others: certkit split writes it in order"


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def chain_reordered(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificates of a PEM file should stand in order: the leaf, its issuer, its issuer's issuer."""
    if candidate.bundle and candidate.bundle.was_reordered:
        yield "chain", "its certificates stood in another order"


@rule(Severity.WARNING, source=pages.FORMAT, hint=_COMPLETE, is_repair=True)
def chain_completed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The input should hold the whole chain: whoever else is given it has nothing to complete it from.

    What was missing came from `--intermediates`, or with `--complete` from the address that a certificate names for its
    issuer's. Its key verifies the signature on the certificate below it.
    """
    for certificate, origin in candidate.bundle.completed if candidate.bundle else ():
        yield (
            f"chain[{candidate.chain.index(certificate)}]",
            f"{x.title(certificate)} was missing, and is from {origin}",
        )


@rule(Severity.WARNING, source=_AIA, hint="name the missing certificates with --chain FILE or --intermediates FILE")
def chain_not_completed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The missing issuers should be where the certificates say they are (authority information access).

    Looked for with `--complete` alone. Public addresses only, unless `--allow-private-aia`; a root whose certificate nobody
    publishes is no loss, as clients have it.
    """
    for why in candidate.bundle.incomplete if candidate.bundle else ():
        yield "chain", f"it could not be completed: {why}"


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def leaf_copy_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The leaf should stand in the input once: ACM refuses it in the chain."""
    yield from _dropped(candidate, Reason.LEAF_COPY, "the leaf stands there twice")


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def duplicate_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Each certificate should stand in the input once: ACM refuses a chain with the same one twice."""
    yield from _dropped(candidate, Reason.DUPLICATE, "it stands there twice")


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def root_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The root of a public CA should not be sent: clients have it, and it makes every handshake longer.

    ACM accepts it as the last one. `--include-root` keeps it, as clients of a private CA may need.
    """
    yield from _dropped(candidate, Reason.ROOT, "the self-signed root at the end of the chain is left out")


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def unrelated_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Certificates that are not on the path from the leaf should not be sent: ACM refuses a chain with a gap."""
    yield from _dropped(candidate, Reason.UNRELATED, "it is not on the path from the leaf")


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def alternative_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Of several paths to a root one is sent: the one that reaches a root, is valid now, is shortest, then newest."""
    yield from _dropped(candidate, Reason.ALTERNATIVE, "it is on another path than the one taken")


@rule(Severity.WARNING, source=pages.FORMAT, hint=_HINT, is_repair=True)
def expired_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """An expired certificate is left out where there is a valid one in its place."""
    yield from _dropped(candidate, Reason.EXPIRED, "it has expired, and another stands in its place")


@rule(Severity.WARNING, source=pages.FORMAT, hint="ask the CA for a certificate in strict DER", is_repair=True)
def unreadable_removed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """A certificate that cannot be parsed is left out, and what it would have completed is incomplete."""
    yield from _dropped(candidate, Reason.UNREADABLE, "it cannot be parsed and is left out")


def _dropped(candidate: Candidate, reason: Reason, message: str) -> Iterator[tuple[str, str]]:
    for dropped in candidate.bundle.dropped if candidate.bundle else ():
        if dropped.reason is reason:
            name = x.title(dropped.certificate) if dropped.certificate else f"sha256 {dropped.sha256[:16]}…"
            yield "bundle", f"{name}: {message}"


RULES = (
    chain_reordered,
    chain_completed,
    chain_not_completed,
    leaf_copy_removed,
    duplicate_removed,
    root_removed,
    unrelated_removed,
    alternative_removed,
    expired_removed,
    unreadable_removed,
)
