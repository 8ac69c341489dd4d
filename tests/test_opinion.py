"""What cryptography's verifier says of chains, in words, and where it has no say."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from certkit.assembly import Wishes, assemble
from certkit.contents import CertificateEntry, Contents
from certkit.opinion import second_opinion
from tests.given import KEY_A, KEY_B, NOW, YEAR, ca
from tests.issuing import CLIENT_AUTH, Issued, Request, make_chain, make_key, make_root, self_signed, signed_with_sha1

SERVER = Request(sans=("shop.example.com",))
ROOT = make_root()
PREFIX = "second-opinion: cryptography's verifier does not accept this chain: "
SUFFIX = "; ACM may still take it"


def opinion(*found: Issued | x509.Certificate, roots: Sequence[Issued] = ()) -> str | None:
    """The opinion on a bundle of these certificates, without the words around it."""
    plain = [one.certificate if isinstance(one, Issued) else one for one in found]
    anchors = tuple(one.certificate for one in roots)
    entries = tuple(CertificateEntry(one.public_bytes(Encoding.DER)) for one in plain)
    bundle = assemble(Contents("pem", entries), NOW, Wishes(roots=anchors))
    said = second_opinion(bundle, anchors, NOW)
    return said.removeprefix(PREFIX).removesuffix(SUFFIX) if said else said


def whole(leaf: Issued) -> tuple[Issued, ...]:
    return (leaf, *leaf.issuers)


@pytest.mark.parametrize(
    "names", [("shop.example.com",), ("*.example.com",), ("192.0.2.1",), ("a_b.example.com", "shop.example.com")]
)
def test_a_chain_that_is_right_leaves_nothing_to_say(names: tuple[str, ...]) -> None:
    leaf = make_chain(leaf=replace(SERVER, sans=names), intermediates=2)

    assert opinion(*whole(leaf)) is None
    assert opinion(*whole(leaf)[:-1], roots=[leaf.issuers[-1]]) is None


def under(authority: Request, leaf: Request = SERVER) -> tuple[Issued, ...]:
    """A leaf under an intermediate that says this, with both issuers."""
    return whole(ROOT.issue(authority).issue(leaf))


CHAINS = {
    "a certificate in it is not valid now": whole(make_chain(leaf=replace(SERVER, not_after=NOW - YEAR / 9))),
    "a certificate in it is not valid now ": under(ca("Lapsed", KEY_A, not_after=NOW - YEAR / 9)),
    "it is not for servers, by the extended key usage of the certificate or of a CA": whole(
        make_chain(leaf=replace(SERVER, extended_key_usages=(CLIENT_AUTH,)))
    ),
    "the certificate is that of a CA, and of no server": whole(make_chain(leaf=replace(SERVER, is_ca=True))),
    "a CA in it has an RSA key of less than 2,048 bits": under(ca("Weak", ("RSA_1024", 7))),
    "a CA in it has a kind of key that browsers refuse": under(ca("Edwards", ("Ed25519", 7))),
    "a certificate in the chain is not that of a CA, by its basic constraints": under(ca("None", KEY_A, is_ca=False)),
    "a CA in it may not sign certificates, by its key usage": under(ca("Mute", KEY_A, key_usages=("crl_sign",))),
    "a certificate in it lacks the extension key usage": under(ca("Mute", KEY_A, key_usages=())),
    "a CA in it may not issue for one of the names, by its name constraints": under(
        ca("Bound", KEY_A, extensions=(x509.NameConstraints([x509.DNSName("example.org")], None),))
    ),
    "the certificate may sign others, by its key usage, as only a CA may": whole(
        make_chain(leaf=replace(SERVER, key_usages=("key_cert_sign",)))
    ),
    "it is longer than eight certificates": whole(make_chain(leaf=SERVER, intermediates=10)),
    "an issuer is named in another form than it names itself, in case or kind of string": whole(
        ROOT.issue(
            replace(SERVER, issuer_name=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "EXAMPLE root")]))
        )
    ),
}


@pytest.mark.parametrize("words", CHAINS)
def test_what_it_does_not_accept_is_said_in_words(words: str) -> None:
    assert opinion(*CHAINS[words]) == words.strip()


def test_a_signature_with_sha1_is_said_in_words() -> None:
    leaf = make_chain(leaf=SERVER)

    said = opinion(x509.load_pem_x509_certificate(signed_with_sha1(leaf)), *leaf.issuers)

    assert said == "a signature in it is of a kind that browsers refuse, as SHA-1 is"


def with_extensions(*extensions: tuple[x509.ExtensionType, bool]) -> tuple[Issued, ...]:
    """A leaf under a CA under a CA that says this."""
    request = ca("Issuing", KEY_A)
    builder = x509.CertificateBuilder(ROOT.certificate.subject, request.subject, make_key(*KEY_A).public_key(), 5)
    builder = builder.not_valid_before(request.not_before).not_valid_after(request.not_after)
    usages = ROOT.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    for extension, is_critical in ((usages, True), *extensions):
        builder = builder.add_extension(extension, is_critical)
    issuing = Issued(builder.sign(ROOT.private_key, hashes.SHA256()), make_key(*KEY_A), ROOT)
    return whole(issuing.issue(ca("Lower", KEY_B)).issue(SERVER))


def test_more_cas_than_a_path_length_allows_are_said_in_words() -> None:
    found = with_extensions((x509.BasicConstraints(ca=True, path_length=0), True))

    assert opinion(*found) == "a CA in it stands above more CAs than its basic constraints allow"


def test_a_critical_extension_that_is_not_known_is_said_in_words() -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    found = with_extensions((x509.BasicConstraints(ca=True, path_length=None), True), (unknown, True))

    assert opinion(*found) == "a critical extension in it is of a kind that browsers do not know"


def test_name_constraints_count_for_addresses_too() -> None:
    networks = x509.NameConstraints([x509.IPAddress(ip_network("10.0.0.0/8"))], None)
    found = under(ca("Bound", KEY_B, extensions=(networks,)), replace(SERVER, sans=("192.0.2.1",)))

    said = opinion(*found)

    assert said == "a CA in it may not issue for one of the names, by its name constraints"


def test_acm_is_said_to_take_it_all_the_same() -> None:
    found = CHAINS["the certificate is that of a CA, and of no server"]
    entries = tuple(CertificateEntry(one.der) for one in found)

    said = second_opinion(assemble(Contents("pem", entries), NOW), [], NOW)

    assert said == f"{PREFIX}the certificate is that of a CA, and of no server{SUFFIX}"


@pytest.mark.parametrize(
    "found",
    [
        whole(make_chain(leaf=replace(SERVER, is_ca=True)))[:-1],
        (self_signed(SERVER),),
        whole(make_chain(leaf=Request(is_ca=True))),
        whole(make_chain(leaf=Request(sans=("a_b.example.com",), is_ca=True))),
    ],
    ids=["without a root", "self-signed", "without a name", "without a name that it knows"],
)
def test_it_has_no_say_where_it_cannot_judge(found: tuple[Issued, ...]) -> None:
    assert opinion(*found) is None


def test_it_has_no_say_under_roots_that_the_chain_does_not_lead_to() -> None:
    stranger = make_root("Stranger", key=KEY_B)

    assert opinion(*whole(make_chain(leaf=replace(SERVER, is_ca=True)))[:-1], roots=[stranger]) is None


def test_it_has_no_say_on_extensions_that_cannot_be_read() -> None:
    unreadable = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")

    assert opinion(*whole(make_chain(leaf=Request(extensions=(unreadable,))))) is None
