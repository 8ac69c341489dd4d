"""What a public certificate may be used for."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit import certificate as x
from certkit.rules.clients.public import PROFILE, for_public
from certkit.rules.rule import Severity, rule

_CHROME: Final = "https://googlechrome.github.io/chromerootprogram/"

_SERVERS_ALONE_SINCE: Final = dt.datetime(2027, 3, 15, tzinfo=dt.UTC)
"""From which day of issue on Chrome takes certificates for servers alone (Chrome Root Program Policy 1.8)."""

_FORBIDDEN_USAGES: Final = {
    "content_commitment": "nonRepudiation",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
"""Baseline Requirements, section 7.1.2.7.11, both tables, in the words of RFC 5280."""

_FORBIDDEN_FOR_RSA: Final = {**_FORBIDDEN_USAGES, "key_agreement": "keyAgreement"}
_FORBIDDEN_FOR_EC: Final = {**_FORBIDDEN_USAGES, "data_encipherment": "dataEncipherment"}
"""keyEncipherment is forbidden as well, and has a rule of its own."""

_FORBIDDEN_PURPOSES: Final = {
    ExtendedKeyUsageOID.CODE_SIGNING: "codeSigning",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "emailProtection",
    ExtendedKeyUsageOID.TIME_STAMPING: "timeStamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSPSigning",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "anyExtendedKeyUsage",
}
"""Baseline Requirements, section 7.1.2.7.10."""


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate for servers")
@for_public
def extended_key_usage_not_for_servers(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate must have the extended key usage serverAuth, and none for code, mail, time or everything.

    Browsers refuse one without. clientAuth beside it has a rule of its own.
    """
    usages = x.extension(leaf, x509.ExtendedKeyUsage) or ()
    if ExtendedKeyUsageOID.SERVER_AUTH not in usages:
        yield "it lacks the extended key usage serverAuth"
    for usage in usages:
        if usage in _FORBIDDEN_PURPOSES:
            yield f"it has the extended key usage {_FORBIDDEN_PURPOSES[usage]}"


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate with digitalSignature alone")
@for_public
def key_usage_not_for_servers(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate must have no key usage but those that its kind of key has in TLS.

    On an elliptic curve: digitalSignature, without which clients refuse it, and keyAgreement; RSA: digitalSignature and the
    two encipherments. keyEncipherment on an elliptic curve has a rule of its own.
    """
    usage, key = x.extension(leaf, x509.KeyUsage), x.public_key(leaf)
    if usage is None or not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return
    is_ec = isinstance(key, ec.EllipticCurvePublicKey)
    if is_ec and not usage.digital_signature:
        yield "its key usage lacks digitalSignature"
    for attribute, name in (_FORBIDDEN_FOR_EC if is_ec else _FORBIDDEN_FOR_RSA).items():
        if getattr(usage, attribute):
            yield f"its key usage has {name}"


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate without keyEncipherment")
@for_public
def key_encipherment_on_ec(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate on an elliptic curve must not have the key usage keyEncipherment.

    Such a key cannot encipher (RFC 8813 section 3). It is the one key usage that a reimport may drop.
    """
    usage = x.extension(leaf, x509.KeyUsage)
    if usage and usage.key_encipherment and isinstance(x.public_key(leaf), ec.EllipticCurvePublicKey):
        yield "its key usage has keyEncipherment, and its key is on an elliptic curve"


@rule(Severity.WARNING, source=_CHROME, hint="move clients that log in with it to a private CA before it is renewed")
@for_public
def client_auth(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate should not be for clients too: public CAs are giving clientAuth up.

    Chrome takes no such certificate issued from 2027-03-15 on; most CAs have stopped already. The next renewal will lack
    it. ACM allows that under the same ARN, and nobody is told: whoever logs in with the certificate is locked out.
    """
    if ExtendedKeyUsageOID.CLIENT_AUTH not in (x.extension(leaf, x509.ExtendedKeyUsage) or ()):
        return
    if leaf.not_valid_before_utc >= _SERVERS_ALONE_SINCE:
        yield "it is for clients too, which Chrome refuses in certificates issued since 2027-03-15"
    else:
        yield "it is for clients too (clientAuth), which its next renewal will not be"


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate of a server")
@for_public
def ca_as_leaf(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate that a server uses must not be a CA's."""
    if x.is_ca(leaf):
        yield "its basic constraints say that it is a CA's"


RULES = (extended_key_usage_not_for_servers, key_usage_not_for_servers, key_encipherment_on_ec, client_auth, ca_as_leaf)
