"""Rules on the chain that is sent: its order, its signatures, and what it has to do with the certificate."""

from collections.abc import Iterator
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from certkit import certificate as x
from certkit import limits, pages
from certkit.rules.rule import Candidate, Severity, rule


@rule(Severity.ERROR, source=pages.FORMAT, hint="leave the certificate itself out of the chain, as certkit split does")
def leaf_in_chain(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain must not contain the certificate itself."""
    for position, certificate in enumerate(candidate.chain):
        if certificate == candidate.leaf:
            yield f"chain[{position}]", "it is the certificate itself"


@rule(
    Severity.ERROR,
    source=pages.FORMAT,
    hint="put it in order with certkit split; a missing intermediate comes from the CA",
    only_as_is=True,
)
def chain_not_in_order(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Each certificate of the chain must directly certify the one before it, the first one the certificate.

    ACM's message for it: "Unable to validate certificate chain", or "Could not validate the certificate with the
    certificate chain".
    """
    if candidate.leaf is None or candidate.leaf in candidate.chain:
        return
    for position, (certificate, issuer) in enumerate(pairwise((candidate.leaf, *candidate.chain))):
        if not x.issued(issuer, certificate) and not _is_beyond_checking(certificate, issuer):
            before = "the certificate" if position == 0 else f"chain[{position - 1}]"
            yield f"chain[{position}]", f"it did not issue {before}"
            return


@rule(Severity.WARNING, source=pages.TROUBLESHOOTING, hint="add the CA's intermediate certificates with --chain FILE")
def chain_missing(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """A certificate that a CA issued needs its chain.

    AWS contradicts itself: the troubleshooting page says that the chain must be included, the prerequisites call it
    optional. A public certificate without its chain was imported in 2026, and CloudFront then served it in a way that
    clients refused. So certkit warns, and strongly.
    """
    leaf = candidate.leaf
    if leaf is None or _sends_chain(candidate) or x.is_self_signed(leaf) or _is_beyond_checking(leaf, leaf):
        return
    yield "chain", "a CA issued the certificate, and there is no chain: clients will not trust what is served"


@rule(Severity.WARNING, source=pages.FORMAT, hint="get the current intermediate from the CA")
def chain_certificate_expired(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Every certificate of the chain should be valid.

    No page of AWS's says whether ACM refuses an expired one; clients that follow it do.
    """
    for position, certificate in enumerate(candidate.chain):
        if certificate.not_valid_after_utc < candidate.now:
            yield f"chain[{position}]", f"it expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
        elif certificate.not_valid_before_utc > candidate.now:
            yield f"chain[{position}]", f"it is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"


@rule(
    Severity.WARNING,
    source=pages.FORMAT,
    hint="nothing, if the import works; else ask the CA for another chain",
    only_as_is=True,
)
def chain_signature_unchecked(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Each signature in the chain should be one that can be checked.

    An issuer's key on a rare curve and a signature with a rare hash cannot be checked here. What ACM says of them is not
    documented; it asks for no kind of key but of the certificate's own.
    """
    if candidate.leaf is None:
        return
    for position, (certificate, issuer) in enumerate(pairwise((candidate.leaf, *candidate.chain))):
        if _is_beyond_checking(certificate, issuer):
            yield (
                f"chain[{position}]",
                "whether it issued the one before it cannot be checked: the kind of key or hash is unknown",
            )


@rule(
    Severity.WARNING,
    source=pages.IMPORT_CERTIFICATE,
    hint="nothing, if the import works; else ask the CA for one of the other kind",
)
def key_family_differs_from_issuer(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate's key should be of the same family as its issuer's.

    The operation's documentation demands it ("if the signing CA key type is RSA, the certificate key type must also be
    RSA"); the prerequisites page has dropped it, and no report of a refusal is known.
    """
    if candidate.leaf is None or not candidate.chain or not x.is_named_issuer(candidate.chain[0], candidate.leaf):
        return
    own, issuers = (
        x.key_algorithm(x.public_key(one)).partition("_")[0] for one in (candidate.leaf, candidate.chain[0])
    )
    if own != issuers != "unknown" and x.subject_key_algorithm(candidate.leaf) in limits.KEY_ALGORITHMS:
        yield "leaf", f"its key is {own}, its issuer's is {issuers}"


def _sends_chain(candidate: Candidate) -> bool:
    return candidate.sends_chain or bool(candidate.parts.chain)


def _is_beyond_checking(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tells whether `issuer` bears the issuer's name, and its key or the signature is of a kind that is unknown here."""
    key = x.public_key(issuer)
    has_unknown_hash = x.signature_hash(certificate) is None and isinstance(
        key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey
    )
    return (key is None or has_unknown_hash) and x.is_named_issuer(issuer, certificate)


RULES = (
    leaf_in_chain,
    chain_not_in_order,
    chain_missing,
    chain_certificate_expired,
    chain_signature_unchecked,
    key_family_differs_from_issuer,
)
