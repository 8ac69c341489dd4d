"""Odd certificates, each with the verdict that AWS's documents imply: what is refused, for which cause, and what is not.

Where no page of AWS's and no report says that ACM refuses, the verdict is that it takes them.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed448, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from certkit.assembly import Wishes, assemble
from certkit.bundle import Parts
from certkit.contents import Contents
from certkit.errors import ContentError
from certkit.formats import pem, read
from certkit.leaf import Choice
from certkit.password import Password, Passwords
from certkit.rules import RULES, Finding, Severity, finding_of, judge
from certkit.validate import candidate_as_is, candidate_of
from tests.issuing import Issued, Request, altered, ca_request, join_pem, make_chain, make_root, self_signed
from tests.rules.cases import (
    CA,
    EC_PARAMETERS,
    LEAF,
    NOW,
    PRIME256V1,
    RSA_ROOT,
    SECOND,
    SERVER,
    UNKNOWN,
    UNKNOWN_CURVE,
    only_for,
    parts_of,
)
from tests.test_validate import BLOBS, acm, is_refused  # noqa: F401 -- one is a fixture

ISSUER: Final = LEAF.issuers[0]
OTHER_KEY: Final = self_signed(Request(key=("EC_prime256v1", 40))).key_pem


def issued(**changes: Any) -> Parts:
    return parts_of(make_chain(leaf=replace(SERVER, **changes)))


def named(*names: str, common_name: str | None = None) -> Parts:
    return issued(common_name=common_name, sans=names, organization="Example Ltd")


def under(*cas: Request, leaf: Request = SERVER) -> Parts:
    issuer = make_root()
    for request in cas:
        issuer = issuer.issue(request)
    return parts_of(issuer.issue(leaf))


def sent(**changes: bytes) -> Parts:
    return replace(parts_of(LEAF), **changes)


def chained(*chain: Issued) -> Parts:
    return sent(chain=join_pem(chain))


def with_public_key(key: CertificatePublicKeyTypes, private_key: bytes = LEAF.key_pem) -> Parts:
    signed = LEAF.certificate
    builder = x509.CertificateBuilder(
        signed.issuer, signed.subject, key, 1, signed.not_valid_before_utc, signed.not_valid_after_utc
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example.com")]), critical=False)
    return sent(body=builder.sign(ISSUER.private_key, hashes.SHA256()).public_bytes(Encoding.PEM), key=private_key)


def with_modulus(bits: int) -> Parts:
    """A certificate for an RSA key of which only the size is true; it stands with a key of another."""
    return with_public_key(rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 1).public_key())


def with_key(key: ed448.Ed448PrivateKey | x25519.X25519PrivateKey) -> Parts:
    return with_public_key(key.public_key(), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def with_pss_signature() -> Parts:
    signed = LEAF.certificate
    builder = x509.CertificateBuilder(
        RSA_ROOT.certificate.subject,
        signed.subject,
        signed.public_key(),
        1,
        signed.not_valid_before_utc,
        NOW.replace(year=2030),
    )
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    body = builder.sign(RSA_ROOT.private_key, hashes.SHA256(), rsa_padding=scheme)
    return Parts(body.public_bytes(Encoding.PEM), LEAF.key_pem, RSA_ROOT.pem)


def addressed(**urls: str) -> x509.AuthorityInformationAccess:
    return x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(getattr(AuthorityInformationAccessOID, method), x509.UniformResourceIdentifier(url))
            for method, url in urls.items()
        ]
    )


def one_line(blob: bytes) -> bytes:
    """The same PEM, its base64 in one line."""
    first, *middle, last = blob.splitlines()
    return b"\n".join((first, b"".join(middle), last)) + b"\n"


ROOT: Final = make_root()
LONG: Final = make_chain(leaf=SERVER, intermediates=3)
RENEWED_ISSUER: Final = ROOT.issue(ca_request("Example Intermediate 0", key=("EC_prime256v1", 11)))
OTHER_ROOT: Final = make_root("Other Root", key=("EC_prime256v1", 41))
CROSS: Final = OTHER_ROOT.issue(ca_request("Example Root"))
SELF_SIGNED: Final = self_signed(SERVER)
LONG_NAME: Final = ".".join(["a" * 62] * 4)  # 251 characters
REQUEST: Final = (
    x509.CertificateSigningRequestBuilder(SERVER.subject)
    .sign(LEAF.private_key, hashes.SHA256())
    .public_bytes(Encoding.PEM)
)

CONTENT: Final[Mapping[str, tuple[Parts, str | None]]] = {
    # Key algorithms: the prerequisites' list is complete.
    **{
        f"a key of {name}": (issued(key=(name, 0)), "key-algorithm-unsupported")
        for name in ("EC_prime192v1", "EC_brainpoolP256r1", "EC_secp224r1", "EC_secp256k1", "Ed25519", "DSA_2048")
    },
    **{f"a key of {name}": (issued(key=(name, 0)), None) for name in ("EC_secp384r1", "EC_secp521r1", "RSA_3072")},
    "a key of Ed448": (with_key(ed448.Ed448PrivateKey.generate()), "key-algorithm-unsupported"),
    # Validity: both ends included, no least remaining life.
    "of this second alone": (issued(not_before=NOW, not_after=NOW), None),
    "expired a second ago": (issued(not_after=NOW - SECOND), "certificate-expired"),
    "valid in a second": (issued(not_before=NOW + SECOND), "certificate-not-yet-valid"),
    "valid for ever": (issued(not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)), None),
    "never valid": (issued(not_before=NOW + SECOND * 2, not_after=NOW + SECOND * 3), "certificate-not-yet-valid"),
    # Names: what is no domain is imported, and shown without one.
    "no alternative name": (issued(sans=()), None),
    "no common name": (named("shop.example.com"), None),
    "an empty subject": (issued(common_name=None, sans=("shop.example.com",)), None),
    "no name": (named(), None),
    "an IPv4 address": (named("192.0.2.1"), None),
    "an IPv6 address": (named("2001:db8::1"), None),
    "an address and a domain": (named("192.0.2.1", "shop.example.com"), None),
    "a single label": (named("localhost"), None),
    "an underscore": (named("my_shop.example.com"), None),
    "a wildcard": (named("*.example.com"), None),
    "a wildcard in the middle": (named("shop.*.example.com"), None),
    "a wildcard in a label": (named("s*.example.com"), None),
    "a wildcard alone": (named("*"), None),
    "a wildcard over a top level": (named("*.com"), None),
    "a dot at the end": (named("shop.example.com."), None),
    "253 characters": (named(LONG_NAME + ".a"), None),
    "254 characters": (named(LONG_NAME + ".aa"), None),
    "a label of 64 characters": (named("a" * 64 + ".example.com"), None),
    "A-labels": (named("xn--bcher-kva.example.com"), None),
    "an e-mail address": (
        issued(sans=(), extensions=(x509.SubjectAlternativeName([x509.RFC822Name("a@example.com")]),)),
        None,
    ),
    "a hundred and one names": (named(*(f"{number}.example.com" for number in range(101))), None),
    # Extensions: nothing is asked for but what stands here.
    "an OCSP address of 1000 characters": (issued(ocsp_url="http://ocsp.example.com/".ljust(1000, "a")), None),
    "an OCSP address of 1001 characters": (
        issued(ocsp_url="http://ocsp.example.com/".ljust(1001, "a")),
        "ocsp-url-too-long",
    ),
    "a long address of the issuer": (
        issued(extensions=(addressed(OCSP="http://ocsp.example.com", CA_ISSUERS="http://".ljust(2000, "a")),)),
        None,
    ),
    "a CA": (issued(is_ca=True, key_usages=("key_cert_sign",)), None),
    "for signing code": (issued(extended_key_usages=(ExtendedKeyUsageOID.CODE_SIGNING,)), None),
    "for any use": (issued(extended_key_usages=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)), None),
    "for S/MIME": (issued(extended_key_usages=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)), None),
    "a key usage that signs nothing": (issued(key_usages=("crl_sign",)), None),
    "a critical extension that nobody knows": (issued(critical_extensions=(UNKNOWN,)), None),
    "a precertificate": (issued(critical_extensions=(x509.PrecertPoison(),)), None),
    "no issuer": (
        parts_of(self_signed(Request(common_name=None, key=("EC_prime256v1", 31), is_ca=True)).issue(SERVER)),
        "issuer-empty",
    ),
    # Chains: order and signatures; what the certificates in it may do is not asked for.
    "an issuer that is no CA": (under(replace(CA, is_ca=False)), None),
    "an issuer that may not sign": (under(replace(CA, key_usages=("digital_signature",))), None),
    "a path that is too long": (under(replace(CA, path_length=0), replace(CA, common_name="Lower")), None),
    "a path of just the length": (under(replace(CA, path_length=1), replace(CA, common_name="Lower")), None),
    "a name that is not permitted": (under(replace(CA, extensions=(only_for("other.example"),))), None),
    "an issuer with an unknown critical extension": (under(replace(CA, critical_extensions=(UNKNOWN,))), None),
    "an issuer with Ed25519": (parts_of(make_root(key=("Ed25519", 0)).issue(SERVER)), None),
    "an issuer with DSA": (parts_of(make_root(key=("DSA_2048", 0)).issue(SERVER)), None),
    "an issuer with brainpool": (parts_of(make_root(key=("EC_brainpoolP256r1", 0)).issue(SERVER)), None),
    "an issuer with RSA of 1536 bits": (parts_of(make_root(key=("RSA_1536", 0)).issue(SERVER)), None),
    "signed with PSS": (with_pss_signature(), None),
    "a self-signed one": (parts_of(SELF_SIGNED), None),
    "of a private CA": (parts_of(ROOT.issue(SERVER)), None),
    "without its chain": (sent(chain=b""), None),
    "under three intermediates": (parts_of(LONG), None),
    "without the last intermediate": (replace(parts_of(LONG), chain=join_pem(LONG.issuers[:1])), None),
    "crossed to another root": (chained(ISSUER, CROSS), None),
    "crossed, with the other root": (chained(ISSUER, CROSS, OTHER_ROOT), None),
}
"""What is said by certificates and keys that stand in order: one verdict, however they are sent. The first error, or none."""

BYTES: Final[Mapping[str, tuple[Parts, str | None]]] = {
    # The certificate field
    "the issuer before the certificate": (sent(body=ISSUER.pem + LEAF.pem), "body-not-one-certificate"),
    "the whole chain in the certificate field": (
        sent(body=LEAF.pem + LEAF.chain_pem, chain=b""),
        "body-not-one-certificate",
    ),
    "a whole bundle in each field": (
        Parts(*[LEAF.key_pem + LEAF.pem + LEAF.chain_pem] * 3),
        "body-not-one-certificate",
    ),
    "certificate and key exchanged": (sent(body=LEAF.key_pem, key=LEAF.pem), "body-not-one-certificate"),
    "encoded twice": (sent(body=base64.b64encode(LEAF.pem)), "body-not-one-certificate"),
    "a signing request": (sent(body=REQUEST), "body-not-one-certificate"),
    "base64 in one line": (sent(body=one_line(LEAF.pem)), None),
    "CR for line ends": (sent(body=LEAF.pem.replace(b"\n", b"\r")), "pem-edited"),
    "a blank before each line": (sent(body=LEAF.pem.replace(b"\n", b"\n ").strip()), "pem-edited"),
    "a tab at the end of a line": (sent(body=LEAF.pem.replace(b"\n", b"\t\n", 1)), "trailing-blanks"),
    "an empty line behind BEGIN": (sent(body=LEAF.pem.replace(b"\n", b"\n\n", 1)), "pem-edited"),
    "bag attributes": (sent(body=b"Bag Attributes\n    friendlyName: x \nsubject=CN=a\n" + LEAF.pem), None),
    "2000 names": (named(*(f"host-{number}.example.com" for number in range(2000))), "body-too-large"),
    # The private key field
    "another key before the key": (sent(key=OTHER_KEY + LEAF.key_pem), "key-not-one-key"),
    "another key": (sent(key=OTHER_KEY), "key-mismatch"),
    "another key, encrypted": (
        sent(key=self_signed(Request(key=("EC_prime256v1", 40))).encrypted_key_pem(b"secret")),
        "key-encrypted",
    ),
    "parameters before a PKCS#8 key": (sent(key=EC_PARAMETERS + LEAF.key_pem), None),
    "an RSA key of 16384 bits in the certificate alone": (with_modulus(16384), "key-algorithm-unsupported"),
    **{
        f"a modulus of {bits} bits": (with_modulus(bits), "key-algorithm-unsupported")
        for bits in (1025, 2047, 2049, 4095, 4097)
    },
    "a key of X25519": (with_key(x25519.X25519PrivateKey.generate()), "key-algorithm-unsupported"),
    "a key on an unknown curve": (
        sent(body=altered(LEAF, (PRIME256V1, UNKNOWN_CURVE)).public_bytes(Encoding.PEM)),
        "key-algorithm-unsupported",
    ),
    "on an unknown curve, self-signed": (
        replace(
            parts_of(SELF_SIGNED), body=altered(SELF_SIGNED, (PRIME256V1, UNKNOWN_CURVE)).public_bytes(Encoding.PEM)
        ),
        "key-algorithm-unsupported",
    ),
    # The chain field
    "a self-signed one with itself for a chain": (
        replace(parts_of(SELF_SIGNED), chain=SELF_SIGNED.pem),
        "leaf-in-chain",
    ),
    "a self-signed one with a stranger for a chain": (
        replace(parts_of(SELF_SIGNED), chain=ROOT.pem),
        "chain-not-in-order",
    ),
    "the root for a chain": (chained(ROOT), "chain-not-in-order"),
    "the whole chain from the certificate on": (sent(chain=LEAF.pem + LEAF.full_chain_pem), "leaf-in-chain"),
    "the root before its intermediate": (chained(ROOT, ISSUER), "chain-not-in-order"),
    "the issuer and its renewal": (chained(ISSUER, RENEWED_ISSUER), "chain-not-in-order"),
    "a stranger behind the root": (chained(ISSUER, ROOT, OTHER_ROOT), "chain-not-in-order"),
    "a gap in the middle": (
        replace(parts_of(LONG), chain=join_pem([LONG.issuers[0], LONG.issuers[2]])),
        "chain-not-in-order",
    ),
    "a line end for a chain": (sent(chain=b"\n"), "chain-not-certificates"),
    # Several faults: the one that the others follow from, or that another key or chain could not mend, comes first.
    "a wrong key for an expired certificate": (
        replace(issued(not_after=NOW - SECOND), key=OTHER_KEY),
        "key-mismatch",
    ),
    "a wrong key for an expired certificate on 1536 bits": (
        replace(issued(key=("RSA_1536", 0), not_after=NOW - SECOND), key=OTHER_KEY),
        "key-algorithm-unsupported",
    ),
    "an expired certificate, its chain backwards": (
        replace(issued(not_after=NOW - SECOND), chain=join_pem([ROOT, ISSUER])),
        "certificate-expired",
    ),
    "trailing blanks in a wrong key": (sent(key=OTHER_KEY.replace(b"\n", b" \n", 2)), "trailing-blanks"),
}
"""What is sent as it is. The first error, or none."""

ALL: Final = {**CONTENT, **BYTES}

CAUSES: Final[Mapping[str, str]] = {
    "garbage": "body-not-one-certificate",
    "another label": "body-not-one-certificate",
    "cut off": "body-not-one-certificate",
    "on one line": "pem-edited",
    "indented": "pem-edited",
    "an RSA key of 8192 bits": "key-algorithm-unsupported",
    "an encrypted key": "key-encrypted",
    "a chain backwards": "chain-not-in-order",
    "the leaf in the chain": "leaf-in-chain",
    "garbage for a chain": "chain-not-certificates",
}
"""Of `BLOBS`, those in which one fault brings others with it."""

NO_CASCADE: Final[Mapping[str, tuple[str, ...]]] = {
    "the issuer before the certificate": ("body-not-one-certificate",),
    "another key before the key": ("key-not-one-key",),
    "a gap in the middle": ("chain-not-in-order",),
    "the root for a chain": ("chain-not-in-order",),
    "a stranger for a chain": ("chain-not-in-order",),
    "garbage for a chain": ("chain-not-certificates",),
    "an empty body": ("body-not-one-certificate",),
    "an encrypted key": ("key-encrypted",),
    "a key of X25519": ("key-algorithm-unsupported",),
    "a key on an unknown curve": ("key-algorithm-unsupported",),
    "on an unknown curve, self-signed": ("key-algorithm-unsupported",),
}
"""All that is found where one thing is wrong that could look like several."""


FOLDER: Final = Path(__file__).parents[1] / "fixtures"
ENTRIES: Final = json.loads((FOLDER / "expected.json").read_bytes())
OPENED: Final = [
    entry
    for entry in ENTRIES
    if not any("error" in outcome for outcome in (entry["expected"], *entry.get("also_permitted", ())))
]
"""Every way to open a fixture that leads to a bundle."""

SAMPLES: Final = frozenset({entry["path"].rpartition("/")[0]: entry["path"] for entry in reversed(OPENED)}.values())
"""The first file of each folder: what is judged every day."""

PEM_FIXTURES: Final = sorted({entry["path"] for entry in ENTRIES if entry["path"].endswith(("pem", "cer", "p7b"))})
"""Files that somebody may send as they are."""


def first_error(findings: Iterable[Finding]) -> str | None:
    return next((finding.rule for finding in findings if finding.severity is Severity.ERROR), None)


@pytest.mark.parametrize("name", ALL)
def test_the_first_error_names_the_cause(name: str) -> None:
    parts, expected = ALL[name]

    assert first_error(judge(candidate_as_is(parts, NOW))) == expected


@pytest.mark.parametrize("name", ALL)
def test_the_strict_acm_refuses_exactly_those(acm: Any, name: str) -> None:  # noqa: F811 -- the fixture
    parts, expected = ALL[name]

    assert is_refused(acm, parts) is (expected is not None)


@pytest.mark.parametrize("name", CONTENT)
def test_what_import_would_send_is_judged_alike(name: str) -> None:
    parts, expected = CONTENT[name]
    bundle = assemble(pem.read(parts.key + parts.body + parts.chain, Passwords()), NOW)

    assert first_error(judge(candidate_of(bundle, NOW))) == expected


@pytest.mark.parametrize("name", CAUSES)
def test_what_follows_from_a_fault_comes_behind_it(name: str) -> None:
    assert first_error(judge(candidate_as_is(BLOBS[name], NOW))) == CAUSES[name]


@pytest.mark.parametrize("name", NO_CASCADE)
def test_one_fault_is_one_finding(name: str) -> None:
    parts = BLOBS[name] if name in BLOBS else ALL[name][0]

    assert tuple(finding.rule for finding in judge(candidate_as_is(parts, NOW))) == NO_CASCADE[name]


def test_an_issuer_whose_signature_cannot_be_checked_is_no_error_however_it_is_sent() -> None:
    unknown = altered(ISSUER, (PRIME256V1, UNKNOWN_CURVE)).public_bytes(Encoding.PEM)
    bundle = assemble(pem.read(LEAF.key_pem + LEAF.pem + unknown, Passwords()), NOW)

    as_it_is = judge(candidate_as_is(sent(chain=unknown), NOW))
    as_import_sends_it = judge(candidate_of(bundle, NOW))

    assert [each.rule for each in as_it_is] == ["chain-signature-unchecked"]
    assert [each.rule for each in as_import_sends_it] == ["chain-missing", "unrelated-removed"]


# The bundles of other programs


def opened(entry: Mapping[str, Any]) -> Contents:
    """What a fixture holds, with the key that goes with it."""
    given = [
        Password(entry[each].encode()) if entry.get(each) is not None else None for each in ("password", "key_password")
    ]
    contents = read((FOLDER / entry["path"]).read_bytes(), Passwords(*given))
    if "key" in entry:
        contents = contents.with_parts_of(read((FOLDER / entry["key"]).read_bytes(), Passwords()))
    return contents


def judged(entry: Mapping[str, Any]) -> tuple[Iterable[Finding], Parts | None]:
    """What is found in a fixture, and what import would send; None where nothing can be sent."""
    choice = Choice(alias=entry.get("alias"))
    try:
        bundle = assemble(opened(entry), NOW, Wishes(choice=choice))
    except ContentError as error:
        return [finding_of(error)], None
    candidate = candidate_of(bundle, NOW)
    return judge(candidate), candidate.parts


@pytest.mark.parametrize(
    "entry",
    [pytest.param(each, id=each["path"], marks=() if each["path"] in SAMPLES else pytest.mark.slow) for each in OPENED],
)
def test_a_bundle_of_another_program_is_judged_as_the_strict_acm_does(acm: Any, entry: Mapping[str, Any]) -> None:  # noqa: F811 -- the fixture
    """And what certkit writes breaks none of the rules that are not asked of it."""
    left_out = {rule.id for rule in RULES if rule.only_as_is}

    findings, parts = judged(entry)
    as_it_is = judge(candidate_as_is(parts or sent(), NOW))

    assert (first_error(findings) is not None) is (parts is None or is_refused(acm, parts))
    assert left_out.isdisjoint(finding.rule for finding in as_it_is)


def test_the_strict_acm_judges_by_code_of_its_own() -> None:
    """Where the two shared code, their agreement would prove nothing."""
    own = ("criteria", "chain", "names", "pem", "private_key", "constraints", "replacement", "refusal")

    imported = {
        line.split()[1]
        for name in own
        for line in (FOLDER.parent / "certkit" / "testing" / f"{name}.py").read_text("utf-8").splitlines()
        if line.strip().startswith(("from certkit", "import certkit"))
    }

    assert {name for name in imported if not name.startswith("certkit.testing")} == set()


@pytest.mark.slow
@pytest.mark.parametrize("path", PEM_FIXTURES)
@pytest.mark.parametrize("field", ["body", "key", "chain"])
def test_a_file_of_another_program_as_it_is_is_judged_as_the_strict_acm_does(acm: Any, path: str, field: str) -> None:  # noqa: F811 -- the fixture
    parts = sent(**{field: (FOLDER / path).read_bytes()})

    assert (first_error(judge(candidate_as_is(parts, NOW))) is not None) is is_refused(acm, parts)
