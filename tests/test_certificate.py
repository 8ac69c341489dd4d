"""What is read of one certificate, odd ones included, and whether one issued another."""

import datetime as dt
import ipaddress
from dataclasses import replace
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from certkit import certificate as x
from tests.issuing import (
    NOT_AFTER,
    NOT_BEFORE,
    Issued,
    Request,
    altered,
    as_version_1,
    ca_request,
    make_chain,
    make_key,
    make_root,
    self_signed,
    signed_with_sha1,
    with_broken_signature,
)

SHA256_WITH_RSA: Final = bytes.fromhex("2a864886f70d01010b")
MD5_WITH_RSA: Final = bytes.fromhex("2a864886f70d010104")
MD2_WITH_RSA: Final = bytes.fromhex("2a864886f70d010102")
RSA_KEY: Final = bytes.fromhex("300d06092a864886f70d0101010500")
PSS_KEY: Final = bytes.fromhex("300d06092a864886f70d01010a3000")
CURVE_P256: Final = bytes.fromhex("06082a8648ce3d030107")
CURVE_UNKNOWN: Final = bytes.fromhex("06082a8648ce3d03017f")
UNREADABLE_SANS: Final = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")


def leaf(**changes: Any) -> Issued:
    return make_chain(leaf=replace(Request(), **changes))


def name(
    *parts: tuple[x509.ObjectIdentifier, str], kind: _ASN1Type = _ASN1Type.UTF8String, together: bool = False
) -> x509.Name:
    attributes = [x509.NameAttribute(oid, value, kind) for oid, value in parts]
    if together:
        return x509.Name([x509.RelativeDistinguishedName(attributes)])
    return x509.Name(attributes)


def raw(key: Any, *, rsa_padding: Any = None, digest: Any = None) -> x509.Certificate:
    subject = name((NameOID.COMMON_NAME, "shop.example.com"))
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    return builder.sign(key, digest, rsa_padding=rsa_padding)


def test_what_is_no_certificate_is_none() -> None:
    issued = leaf()

    assert x.load(issued.der) == issued.certificate
    assert [x.load(b""), x.load(b"junk"), x.load(issued.der[:-1]), x.load(issued.der + b"\0")] == [None] * 4


def test_a_certificate_of_version_2_is_none() -> None:
    version_3, version_2 = bytes.fromhex("a003020102"), bytes.fromhex("a003020101")

    assert x.load(leaf().der.replace(version_3, version_2)) is None


def test_a_validity_in_the_year_0_is_none() -> None:
    from_2050 = leaf(
        not_before=dt.datetime(2050, 1, 1, tzinfo=dt.UTC), not_after=dt.datetime(2051, 1, 1, tzinfo=dt.UTC)
    )

    certificate = altered(from_2050, (b"20500101000000Z", b"00000101000000Z"))

    assert x.load(certificate.public_bytes(Encoding.DER)) is None


def test_a_certificate_is_returned_byte_for_byte() -> None:
    issued = leaf()

    assert (x.to_der(issued.certificate), x.to_pem(issued.certificate)) == (issued.der, issued.pem)
    assert x.fingerprint(issued.certificate) == issued.sha256


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("RSA_1024", "RSA_1024"),
        ("RSA_1536", "RSA_1536"),
        ("EC_prime256v1", "EC_prime256v1"),
        ("EC_secp384r1", "EC_secp384r1"),
        ("EC_secp521r1", "EC_secp521r1"),
        ("EC_secp256k1", "EC_secp256k1"),
        ("DSA_2048", "DSA_2048"),
        ("Ed25519", "Ed25519"),
    ],
)
def test_a_key_is_named_in_the_manner_of_acms_enum(algorithm: str, expected: str) -> None:
    issued = leaf(key=(algorithm, 0))

    assert x.subject_key_algorithm(issued.certificate) == expected
    assert x.key_algorithm(issued.private_key) == expected  # type: ignore[arg-type] # the kinds that issuing makes


def test_keys_beyond_the_enum_have_names_too() -> None:
    certificates = [raw(ed448.Ed448PrivateKey.generate()), raw(mldsa.MLDSA65PrivateKey.generate())]

    named = [(x.subject_key_algorithm(one), x.signature_algorithm(one), x.is_self_signed(one)) for one in certificates]

    assert named == [("Ed448", "ED448", True), ("ML_DSA_65", "ML-DSA-65", True)]
    assert x.key_algorithm(None) == "unknown"


def test_an_rsa_key_bound_to_pss_is_a_kind_of_its_own() -> None:
    certificate = altered(leaf(key=("RSA_2048", 0)), (RSA_KEY, PSS_KEY))

    assert x.subject_key_algorithm(certificate) == "RSASSA_PSS_2048"


def test_a_key_on_an_unknown_curve_is_unknown_and_costs_nothing_else() -> None:
    certificate = altered(leaf(sans=("shop.example.com",)), (CURVE_P256, CURVE_UNKNOWN))

    assert (x.public_key(certificate), x.subject_key_algorithm(certificate)) == (None, "unknown")
    assert x.sans(certificate) == ("DNS:shop.example.com",)
    assert not x.verifies(certificate, certificate)
    assert not x.refutes(certificate, certificate)


def test_the_same_key_has_the_same_fingerprint_in_every_certificate() -> None:
    keys = [x.public_key(leaf(common_name=each).certificate) for each in ("a.example.com", "b.example.com")]

    assert len({x.spki_fingerprint(key) for key in keys if key is not None}) == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (name((NameOID.COMMON_NAME, "CA"), kind=_ASN1Type.PrintableString), name((NameOID.COMMON_NAME, "CA")), True),
        (name((NameOID.COMMON_NAME, "Example CA")), name((NameOID.COMMON_NAME, "EXAMPLE ca")), True),
        (name((NameOID.COMMON_NAME, " Example  CA ")), name((NameOID.COMMON_NAME, "Example CA")), True),
        (name((NameOID.COMMON_NAME, "Straße")), name((NameOID.COMMON_NAME, "STRASSE")), True),
        (name((NameOID.COMMON_NAME, "e\u0301")), name((NameOID.COMMON_NAME, "\u00e9")), True),
        (name((NameOID.COMMON_NAME, "Example CA")), name((NameOID.COMMON_NAME, "ExampleCA")), False),
        (name((NameOID.COMMON_NAME, "CA")), name((NameOID.ORGANIZATION_NAME, "CA")), False),
        (
            name((NameOID.COMMON_NAME, "CA"), (NameOID.ORGANIZATION_NAME, "O")),
            name((NameOID.ORGANIZATION_NAME, "O"), (NameOID.COMMON_NAME, "CA")),
            False,
        ),
        (
            name((NameOID.COMMON_NAME, "CA"), (NameOID.ORGANIZATION_NAME, "O"), together=True),
            name((NameOID.ORGANIZATION_NAME, "O"), (NameOID.COMMON_NAME, "CA"), together=True),
            True,
        ),
        (name(), name(), True),
    ],
    ids=[
        "string types",
        "case",
        "blanks",
        "full case folding",
        "composition",
        "a blank less",
        "another attribute",
        "order of parts",
        "order within a part",
        "empty",
    ],
)
def test_names_are_compared_as_rfc_5280_says(one: x509.Name, other: x509.Name, *, is_same: bool) -> None:
    assert (x.name_key(one) == x.name_key(other)) is is_same


def test_a_name_that_cannot_be_read_has_no_key() -> None:
    assert x.name_key(None) is None


def test_a_subject_that_is_not_unicode_is_none() -> None:
    certificate = altered(leaf(), (b"shop.example.com", b"\xff\xfeop.example.com"))

    assert (x.subject(certificate), x.common_name(certificate), x.common_names(certificate)) == (None, None, ())
    assert x.title(certificate) == "a certificate without a name"
    assert x.unreadable_parts(certificate) == ("subject",)


def test_an_issuer_that_is_not_unicode_is_none() -> None:
    root = make_root("Example Root")
    certificate = altered(root.issue(Request()), (b"Example Root", b"Exampl\xff Root"))

    assert x.issuer(certificate) is None
    assert not x.is_named_issuer(root.certificate, certificate)
    assert not x.issued(root.certificate, certificate)
    assert x.unreadable_parts(certificate) == ("issuer",)


def test_an_extension_that_cannot_be_read_costs_the_extensions_alone() -> None:
    issued = leaf(extensions=(UNREADABLE_SANS,), is_ca=True)

    assert x.unreadable_parts(issued.certificate) == ("extensions",)
    assert (x.sans(issued.certificate), x.dns_names(issued.certificate)) == ((), ())
    assert not x.is_ca(issued.certificate)
    assert issued.issuer is not None
    assert x.issued(issued.issuer.certificate, issued.certificate)


def test_every_kind_of_alternative_name_has_a_form() -> None:
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("shop.example.com"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
            x509.RFC822Name("shop@example.com"),
            x509.UniformResourceIdentifier("spiffe://example.com/shop"),
            x509.DirectoryName(name((NameOID.COMMON_NAME, "Shop"))),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
            x509.OtherName(x509.ObjectIdentifier("1.2.3.4"), b"\x0c\x01x"),
        ]
    )

    assert x.sans(leaf(extensions=(names,)).certificate) == (
        "DNS:shop.example.com",
        "IP:192.0.2.1",
        "IP:2001:db8::1",
        "email:shop@example.com",
        "URI:spiffe://example.com/shop",
        "DirName:CN=Shop",
        "RID:1.2.3",
        "othername:1.2.3.4",
    )


def with_names(*common_names: str, sans: tuple[str, ...] = ()) -> x509.Certificate:
    key = make_key()
    subject = name(*((NameOID.COMMON_NAME, each) for each in common_names))
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    if sans:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(each) for each in sans]), critical=False
        )
    return builder.sign(key, hashes.SHA256())


def test_of_several_common_names_the_last_is_the_title_and_all_are_domains() -> None:
    certificate = with_names("a.example.com", "Shop", "b.example.com", sans=("c.example.com", "a.example.com", "local"))

    assert x.common_names(certificate) == ("a.example.com", "Shop", "b.example.com")
    assert (x.common_name(certificate), x.title(certificate)) == ("b.example.com", "b.example.com")
    assert x.domains(certificate) == ("a.example.com", "b.example.com", "c.example.com")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"common_name": "Shop"}, "Shop"),
        ({"common_name": None, "sans": ("192.0.2.1", "shop.example.com")}, "192.0.2.1"),
        ({"common_name": None, "organization": "Example Ltd"}, "O=Example Ltd"),
        ({"common_name": None}, "a certificate without a name"),
    ],
)
def test_a_certificate_is_called_by_the_best_name_it_has(changes: dict[str, Any], expected: str) -> None:
    assert x.title(leaf(**changes).certificate) == expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", True),
        ("*.example.com", True),
        ("a-b.example.com", True),
        ("xn--bcher-kva.example", True),
        ("4.example.com", True),
        (f"{'a' * 63}.example.com", True),
        (f"{'a' * 64}.example.com", False),
        (".".join(["a" * 49] * 5) + ".com", True),
        (".".join(["a" * 49] * 5) + ".info", False),
        ("localhost", False),
        ("*", False),
        ("a.*.example.com", False),
        ("f*.example.com", False),
        ("a_b.example.com", False),
        ("-a.example.com", False),
        ("a-.example.com", False),
        ("example.c", False),
        ("example.com.", False),
        ("bücher.example", False),
        ("192.0.2.1", False),
        ("example.com\n", False),
        ("", False),
    ],
)
def test_a_domain_is_what_the_pattern_of_acms_service_model_takes(domain: str, *, expected: bool) -> None:
    assert x.is_domain_name(domain) is expected


@pytest.mark.parametrize(
    ("host", "presented", "expected"),
    [
        ("shop.example.com", "shop.example.com", True),
        ("SHOP.example.com", "shop.EXAMPLE.com", True),
        ("shop.example.com.", "shop.example.com", True),
        ("shop.example.com", "shop.example.com.", True),
        ("shop.example.com", "*.example.com", True),
        ("*.example.com", "*.example.com", True),
        ("bücher.example", "xn--bcher-kva.example", True),
        ("BÜCHER.example", "*.example", True),
        ("localhost", "localhost", True),
        ("example.com", "*.example.com", False),
        ("a.b.example.com", "*.example.com", False),
        (".example.com", "*.example.com", False),
        ("shop.example.com", "s*.example.com", False),
        ("shop.example.com", "*op.example.com", False),
        ("a.shop.example.com", "a.*.example.com", False),
        ("a.b.example.com", "*.*.example.com", False),
        ("localhost", "*", False),
        ("192.0.2.1", "*.0.2.1", False),
        ("192.0.2.1", "192.0.2.1", False),
        ("2001:db8::1", "2001:db8::1", False),
        ("", "*.example.com", False),
        (".", "*.example.com", False),
        ("a..example.com", "a..example.com", False),
        (f"ü{'a' * 70}.example", f"ü{'a' * 70}.example", False),
        ("shop.example.org", "shop.example.com", False),
    ],
)
def test_a_dns_name_covers_a_host_as_rfc_9525_says(host: str, presented: str, *, expected: bool) -> None:
    assert x.is_covered(host, presented) is expected


def test_a_certificate_covers_by_its_dns_names_alone() -> None:
    certificate = with_names("www.example.com", sans=("a.example.com", "*.shop.example.com"))

    hosts = ("a.example.com", "b.shop.example.com", "www.example.com")
    assert [x.covers(certificate, host) for host in hosts] == [True, True, False]


def test_both_ends_of_the_validity_are_within_it() -> None:
    certificate = leaf().certificate
    second = dt.timedelta(seconds=1)

    moments = (NOT_BEFORE - second, NOT_BEFORE, NOT_AFTER, NOT_AFTER + second)
    assert [x.is_valid_at(certificate, moment) for moment in moments] == [False, True, True, False]


def test_a_ca_is_told_by_its_basic_constraints() -> None:
    assert x.is_ca(make_root().certificate)
    assert not x.is_ca(leaf().certificate)


def test_a_certificate_without_extensions_has_none() -> None:
    certificate = x509.load_pem_x509_certificate(as_version_1(self_signed(Request())))

    assert (x.sans(certificate), x.is_ca(certificate), x.unreadable_parts(certificate)) == ((), False, ())


@pytest.mark.parametrize(
    "key", [("RSA_2048", 3), ("EC_prime256v1", 3), ("EC_secp521r1", 3), ("DSA_2048", 3), ("Ed25519", 3)]
)
def test_a_signature_is_verified_whatever_the_issuers_key(key: tuple[str, int]) -> None:
    root, twin = make_root(key=key), make_root(key=(key[0], 4))
    issued = root.issue(Request())

    assert (x.verifies(root.certificate, issued.certificate), x.refutes(root.certificate, issued.certificate)) == (
        True,
        False,
    )
    assert (x.verifies(twin.certificate, issued.certificate), x.refutes(twin.certificate, issued.certificate)) == (
        False,
        True,
    )


def test_a_pss_signature_is_verified() -> None:
    key = make_key("RSA_2048", 3)
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)

    certificate = raw(key, rsa_padding=scheme, digest=hashes.SHA256())

    assert (x.is_self_signed(certificate), x.signature_algorithm(certificate)) == (True, "rsassaPss")


def test_a_signature_of_another_kind_than_the_key_is_refuted() -> None:
    issued = make_root(key=("Ed25519", 3)).issue(Request())

    assert x.refutes(make_root(key=("RSA_2048", 3)).certificate, issued.certificate)
    assert x.refutes(make_root(key=("EC_prime256v1", 3)).certificate, issued.certificate)


def test_sha1_and_md5_signatures_are_verified() -> None:
    root = make_root(key=("RSA_2048", 3))
    with_md5 = altered(root.issue(Request()), (SHA256_WITH_RSA, MD5_WITH_RSA), hash_algorithm=hashes.MD5())  # noqa: S303 -- what is tested
    ec_leaf = leaf()
    with_sha1 = x509.load_pem_x509_certificate(signed_with_sha1(ec_leaf))

    assert ec_leaf.issuer is not None
    assert x.issued(root.certificate, with_md5)
    assert x.issued(ec_leaf.issuer.certificate, with_sha1)
    assert [x.signature_algorithm(one) for one in (with_md5, with_sha1)] == ["md5WithRSAEncryption", "ecdsa-with-SHA1"]
    assert isinstance(x.signature_hash(with_md5), hashes.MD5)


def test_a_signature_that_cannot_be_checked_is_neither_verified_nor_refuted() -> None:
    root = make_root(key=("RSA_2048", 3))
    with_md2 = altered(root.issue(Request()), (SHA256_WITH_RSA, MD2_WITH_RSA))

    assert (x.verifies(root.certificate, with_md2), x.refutes(root.certificate, with_md2)) == (False, False)
    assert (x.signature_hash(with_md2), x.signature_algorithm(with_md2)) == (None, "1.2.840.113549.1.1.2")


def test_a_broken_signature_is_refuted() -> None:
    issued = leaf()
    assert issued.issuer is not None

    assert x.refutes(issued.issuer.certificate, with_broken_signature(issued))


def test_a_namesake_with_another_key_identifier_does_not_claim_to_be_the_issuer() -> None:
    root = make_root(key=("EC_prime256v1", 10))
    key = root.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    issued = root.issue(Request(extensions=(x509.AuthorityKeyIdentifier.from_issuer_public_key(key),)))
    twin_key = make_key("EC_prime256v1", 12).public_key()
    request = ca_request("Example Root", key=("EC_prime256v1", 12))
    twin = self_signed(replace(request, extensions=(x509.SubjectKeyIdentifier.from_public_key(twin_key),)))

    assert x.is_named_issuer(root.certificate, issued.certificate)
    assert not x.is_named_issuer(twin.certificate, issued.certificate)


def test_the_signature_decides_who_is_self_signed() -> None:
    identifiers = (x509.SubjectKeyIdentifier(b"\1" * 20), x509.AuthorityKeyIdentifier(b"\2" * 20, None, None))
    odd = self_signed(Request(extensions=identifiers))
    same_name = make_root("shop.example.com").issue(Request())

    assert x.is_self_signed(odd.certificate)
    assert not x.is_self_signed(same_name.certificate)
