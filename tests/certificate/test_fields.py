"""What is read of one certificate, odd ones included."""

import base64
import datetime as dt
import ipaddress
from typing import Any, Final

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from certkit import certificate as x
from certkit.certificate.fields import MAX_REMEMBERED_BYTES
from tests.certificate.making import leaf, name, with_names
from tests.issuing import (
    NOT_AFTER,
    NOT_BEFORE,
    Request,
    altered,
    as_version_1,
    make_root,
    self_signed,
)

UNREADABLE_SANS: Final = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")


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


@pytest.mark.parametrize(("encoded", "number"), [("00", 0), ("ff", -1), ("8000", -32768), ("0080", 128), ("01", 1)])
def test_a_serial_number_that_rfc_5280_forbids_is_read_without_a_warning(encoded: str, number: int) -> None:
    """Warnings are errors in tests, and cryptography warns of such a one when it parses it and when it is asked."""
    octets = bytes.fromhex(encoded)
    placeholder = b"\x02" + bytes([len(octets)]) + b"\x55" * len(octets)
    issued = leaf(serial=int.from_bytes(b"\x55" * len(octets), "big"))
    der = issued.der.replace(placeholder, placeholder[:2] + octets, 1)

    certificate = x.load(der)

    assert certificate is not None
    assert (x.to_der(certificate), x.serial_number(certificate)) == (der, number)


def test_every_public_root_is_read_without_a_warning() -> None:
    roots = certifi.contents().split("-----BEGIN CERTIFICATE-----")[1:]
    ders = [base64.b64decode(root.partition("-----END")[0]) for root in roots]

    numbers = [x.serial_number(certificate) for certificate in map(x.load, ders) if certificate]

    assert len(numbers) == len(ders)
    assert 0 in numbers


def test_a_certificate_seen_before_is_remembered_unless_it_would_fill_the_memory() -> None:
    sans = tuple(f"{number}.example.com" for number in range(2_000))
    small, large = (x.to_der(with_names("shop", sans=some)) for some in (sans[:1], sans))

    again = [x.load(encoded) is x.load(encoded) for encoded in (small, large)]

    assert again == [True, False]
    assert len(large) > MAX_REMEMBERED_BYTES


def test_a_certificate_is_returned_byte_for_byte() -> None:
    issued = leaf()

    assert (x.to_der(issued.certificate), x.to_pem(issued.certificate)) == (issued.der, issued.pem)
    assert x.fingerprint(issued.certificate) == issued.sha256


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


ROOT_NAME: Final = name(
    (NameOID.COUNTRY_NAME, "US"), (NameOID.ORGANIZATION_NAME, "Example, Inc."), (NameOID.COMMON_NAME, "Root X1")
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("Root X1", True),
        ("root  x1 ", True),
        ("CN=Root X1,O=Example\\, Inc.,C=US", True),
        ("CN=Root X1, O=Example\\, Inc., C=US", True),
        ("cn=ROOT x1,o=example\\, inc.,c=us", True),
        ("CN=Root X1", False),
        ("C=US,O=Example\\, Inc.,CN=Root X1", False),
        ("Root", False),
        ("Example, Inc.", False),
        ("=", False),
        ("", False),
    ],
)
def test_a_name_is_called_by_its_common_name_or_by_the_whole_of_it(wanted: str, *, expected: bool) -> None:
    assert x.is_called(ROOT_NAME, wanted) is expected


def test_a_common_name_may_look_like_a_whole_name() -> None:
    assert x.is_called(name((NameOID.COMMON_NAME, "O=Example")), "o=example")


def test_a_name_that_cannot_be_read_is_called_nothing() -> None:
    assert not x.is_called(None, "")
