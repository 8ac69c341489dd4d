"""A second opinion on a chain: cryptography's own verifier, which holds it to the rules that browsers have.

It builds no chain for certkit, as it gives up where links are right and only unwelcome. ACM takes much that it refuses.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.verification import Criticality, ExtensionPolicy

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.certificate.fields import LAZY_ERRORS

_WORDS: Final = (
    ("cert is not valid at validation time", "a certificate in it is not valid now"),
    ("Forbidden signature algorithm", "a signature in it is of a kind that browsers refuse, as SHA-1 is"),
    ("Forbidden public key algorithm", "a CA in it has a kind of key that browsers refuse"),
    ("RSA key is too weak", "a CA in it has an RSA key of less than 2,048 bits"),
    ("required EKU not found", "it is not for servers, by the extended key usage of the certificate or of a CA"),
    ("cA must not be asserted", "the certificate is that of a CA, and of no server"),
    ("cA must be asserted", "a certificate in the chain is not that of a CA, by its basic constraints"),
    ("keyCertSign must be asserted", "a CA in it may not sign certificates, by its key usage"),
    ("must not assert keyCertSign", "the certificate may sign others, by its key usage, as only a CA may"),
    ("path length", "a CA in it stands above more CAs than its basic constraints allow"),
    ("name constraint", "a CA in it may not issue for one of the names, by its name constraints"),
    ("max depth", "it is longer than eight certificates"),
    ("unaccounted-for critical extensions", "a critical extension in it is of a kind that browsers do not know"),
    ("mismatch between", "a signature in it is not of the kind that its issuer's key makes"),
    ("serial number", "a serial number in it is negative, or longer than 20 octets"),
    ("parsing error", "a part of a certificate in it is malformed"),
    ("no interior errors", "an issuer is named in another form than it names itself, in case or kind of string"),
)
"""The verifier's messages, which speak to programmers, in words."""

_EXTENSION: Final = re.compile(r"invalid extension: ([0-9.]+): (.*)")
_EXTENSIONS: Final = {
    "2.5.29.15": "key usage",
    "2.5.29.17": "subject alternative name",
    "2.5.29.19": "basic constraints",
    "2.5.29.30": "name constraints",
    "2.5.29.37": "extended key usage",
}
_CLUTTER: Final = re.compile(r"validation failed: |candidates exhausted: | \(encountered processing .*", re.DOTALL)


def second_opinion(bundle: Bundle, roots: Iterable[x509.Certificate], now: dt.datetime) -> str | None:
    """Returns a note where cryptography's verifier does not accept the chain; None where it does, or cannot judge.

    It judges a server's certificate, for the first of its names, under `roots` and the bundle's own root. It has no say on a
    chain that is not complete, and on a certificate that is its own issuer.
    """
    if bundle.root == bundle.leaf or not bundle.is_complete:
        return None
    anchors = [*roots, *([bundle.root] if bundle.root else [])]
    try:
        verifier = next(_verifiers(bundle.leaf, anchors, now), None)
        if verifier is not None:
            verifier.verify(bundle.leaf, list(bundle.chain))
    except verification.VerificationError as error:
        reason = _in_words(_CLUTTER.sub("", str(error)))
        return f"second-opinion: cryptography's verifier does not accept this chain: {reason}; ACM may still take it"
    except LAZY_ERRORS:  # a part of it that cannot be parsed, which is said elsewhere
        return None
    return None


def _verifiers(
    leaf: x509.Certificate, anchors: list[x509.Certificate], now: dt.datetime
) -> Iterator[verification.ServerVerifier]:
    """Yields a verifier for each name of the leaf that a server can have."""
    policy = _policy(anchors, now) if anchors else None
    for name in x.extension(leaf, x509.SubjectAlternativeName) or ():
        if isinstance(name, x509.DNSName):
            name = x509.DNSName(name.value.replace("*", "any", 1))  # noqa: PLW2901 -- a host that the wildcard covers
        if policy and isinstance(name, x509.DNSName | x509.IPAddress):
            try:
                yield policy.build_server_verifier(name)
            except ValueError:  # a name with an underscore is none to it
                continue


def _policy(anchors: list[x509.Certificate], now: dt.datetime) -> verification.PolicyBuilder:
    """Returns the verifier's policy for the web, less the key identifiers: clients do without them, and so do private CAs."""
    leafs = ExtensionPolicy.webpki_defaults_ee().may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None)
    cas = ExtensionPolicy.webpki_defaults_ca()
    for kind in (x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier):
        cas = cas.may_be_present(kind, Criticality.AGNOSTIC, None)
    builder = verification.PolicyBuilder().store(verification.Store(anchors)).time(now)
    return builder.extension_policies(ee_policy=leafs, ca_policy=cas)


def _in_words(message: str) -> str:
    words = next((words for phrase, words in _WORDS if phrase in message), None)
    extension = _EXTENSION.search(message)
    if words or not extension:
        return words or message
    name = _EXTENSIONS.get(extension[1], extension[1])
    return f"a certificate in it {'lacks the' if 'missing' in extension[2] else 'has an unusual'} extension {name}"
