"""Each rule finds what it is about and nothing else, and can be explained to a person."""

import re
from base64 import encodebytes
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certkit.bundle import Parts
from certkit.errors import ContentError, KeyMismatchError, SeveralLeavesError
from certkit.rules import CRITERIA, RULES, Candidate, Criterion, Finding, Severity, finding_of, judge
from certkit.rules.content import key_mismatch
from tests.issuing import (
    Request,
    altered,
    ca_request,
    join_pem,
    make_chain,
    make_root,
    self_signed,
    signed_with_sha1,
)
from tests.rules.cases import (
    BREACHES,
    EC_PARAMETERS,
    GOOD,
    LEAF,
    NOW,
    PRIME256V1,
    PUBLIC_KEY,
    RSA_ROOT,
    SERVER,
    UNKNOWN_CURVE,
    as_is,
    issued,
    mended,
    padded,
    parts_of,
)

RULES_OF_REPAIRS: Final = [rule.id for rule in RULES if rule.is_repair]
RSA_KEY: Final = bytes.fromhex("300d06092a864886f70d0101010500")
PSS_KEY: Final = bytes.fromhex("300d06092a864886f70d01010a3000")
SHA256_WITH_RSA: Final = bytes.fromhex("2a864886f70d01010b")
MD5_WITH_RSA: Final = bytes.fromhex("2a864886f70d010104")
MD2_WITH_RSA: Final = bytes.fromhex("2a864886f70d010102")


def found(candidate: Candidate) -> list[str]:
    return [finding.rule for finding in judge(candidate)]


def messages(candidate: Candidate, rule: str) -> list[tuple[str, str]]:
    return [(finding.part, finding.message) for finding in judge(candidate) if finding.rule == rule]


def test_every_rule_has_a_case() -> None:
    assert sorted(rule.id for rule in RULES) == sorted(BREACHES)


@pytest.mark.parametrize("rule", BREACHES)
def test_a_candidate_that_breaks_one_rule_breaks_no_other(rule: str) -> None:
    assert found(BREACHES[rule]) == [rule]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_candidate_breaks_no_rule(name: str) -> None:
    assert list(judge(GOOD[name])) == []


@pytest.mark.parametrize("rule", CRITERIA, ids=lambda rule: rule.id)
def test_a_criterion_explains_itself(rule: Criterion) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert re.match(r"https://", rule.source)
    assert re.match(r"[A-Z].*[.:]", rule.explanation)
    assert rule.hint
    assert not rule.hint.endswith(".")


@pytest.mark.parametrize("rule", BREACHES)
def test_a_finding_carries_its_rules_severity_hint_and_source(rule: str) -> None:
    (expected,) = [each for each in RULES if each.id == rule]

    (finding,) = judge(BREACHES[rule])

    assert finding == Finding(rule, expected.severity, finding.part, finding.message, expected.hint, expected.source)
    assert re.fullmatch(r"leaf|key|chain|chain\[\d+\]|bundle", finding.part)
    assert not finding.message.endswith(".")


def test_what_is_called_removed_reordered_or_completed_is_a_repair() -> None:
    assert {
        "chain-reordered",
        "chain-completed",
        *(rule.id for rule in RULES if rule.id.endswith("-removed")),
    } <= set(RULES_OF_REPAIRS)


def test_the_form_of_the_bytes_is_judged_where_they_are_not_certkits_own() -> None:
    without_end = replace(
        mended(LEAF, LEAF.issuers[0]), parts=replace(parts_of(LEAF), body=LEAF.pem.replace(b"\n", b" \n", 2))
    )

    assert found(without_end) == []
    assert found(replace(without_end, bundle=None)) == ["trailing-blanks"]


def test_what_was_mended_is_a_warning_and_an_error_when_strict() -> None:
    severities = {
        rule: (
            [each.severity for each in judge(BREACHES[rule])],
            [each.severity for each in judge(BREACHES[rule], is_strict=True)],
        )
        for rule in RULES_OF_REPAIRS
    }

    assert severities == dict.fromkeys(RULES_OF_REPAIRS, ([Severity.WARNING], [Severity.ERROR]))


def test_strict_changes_nothing_else() -> None:
    others = [rule for rule in BREACHES if rule not in RULES_OF_REPAIRS]

    assert [list(judge(BREACHES[rule], is_strict=True)) for rule in others] == [
        list(judge(BREACHES[rule])) for rule in others
    ]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SeveralLeavesError("two", hint="choose"), ("several-leaves", "bundle", "two", "choose")),
        (KeyMismatchError("alone", part="key"), ("key-mismatch", "key", "alone", key_mismatch.hint)),
    ],
)
def test_a_bundle_that_cannot_be_put_in_order_is_a_finding(
    error: SeveralLeavesError | KeyMismatchError, expected: tuple[str, str, str, str | None]
) -> None:
    finding = finding_of(error)

    assert (finding.rule, finding.part, finding.message, finding.hint) == expected
    assert finding.severity is Severity.ERROR
    assert finding.source in {criterion.source for criterion in CRITERIA if criterion.id == error.code}


# What single rules say, and where


@pytest.mark.parametrize("algorithm", ["Ed25519", "DSA_2048", "RSA_1536", "EC_secp224r1"])
def test_a_key_that_acm_does_not_import_is_named(algorithm: str) -> None:
    candidate = issued(replace(SERVER, key=(algorithm, 0)))

    assert messages(candidate, "key-algorithm-unsupported") == [
        ("leaf", f"the key is {algorithm}, which ACM does not import")
    ]


def test_an_rsa_key_bound_to_pss_is_not_imported() -> None:
    chain = make_chain(leaf=replace(SERVER, key=("RSA_2048", 0)))
    body = altered(chain, (RSA_KEY, PSS_KEY))
    candidate = as_is(replace(parts_of(chain), body=body.public_bytes(Encoding.PEM)))

    assert messages(candidate, "key-algorithm-unsupported") == [
        ("leaf", "the key is RSASSA_PSS_2048, which ACM does not import")
    ]
    assert "key-mismatch" not in found(candidate)


def test_a_gap_in_the_chain_is_where_it_opens() -> None:
    chain = make_chain(leaf=SERVER, intermediates=3)
    first, second, third, root = chain.issuers
    parts = parts_of(chain)

    gaps = [
        as_is(replace(parts, chain=join_pem(there)))
        for there in ([second, third], [first, third], [first, second, root])
    ]

    assert [messages(each, "chain-not-in-order") for each in gaps] == [
        [("chain[0]", "it did not issue the certificate")],
        [("chain[1]", "it did not issue chain[0]")],
        [("chain[2]", "it did not issue chain[1]")],
    ]


def test_an_issuer_by_name_alone_is_not_in_order() -> None:
    twin = self_signed(ca_request("Example Intermediate 0", key=("EC_prime256v1", 33)))

    assert found(as_is(replace(parts_of(LEAF), chain=twin.pem))) == ["chain-not-in-order"]


def test_expired_and_future_certificates_of_the_chain_are_told_apart() -> None:
    request = ca_request("Issuing", key=("EC_prime256v1", 31))
    expired = make_root().issue(replace(request, not_after=NOW.replace(month=1)))
    future = make_root().issue(replace(request, not_before=NOW.replace(month=12)))

    found_messages = [
        messages(as_is(parts_of(ca.issue(SERVER))), "chain-certificate-expired") for ca in (expired, future)
    ]

    assert found_messages == [
        [("chain[0]", "it expired on 2026-01-22")],
        [("chain[0]", "it is not valid before 2026-12-22")],
    ]


def test_families_of_keys_are_named_in_full() -> None:
    under_rsa = as_is(parts_of(RSA_ROOT.issue(SERVER)))
    under_ec = issued(replace(SERVER, key=("RSA_2048", 0)))

    assert [messages(each, "key-family-differs-from-issuer") for each in (under_rsa, under_ec)] == [
        [("leaf", "its key is EC, its issuer's is RSA")],
        [("leaf", "its key is RSA, its issuer's is EC")],
    ]


def test_weak_keys_and_signatures_are_found_in_the_chain_too() -> None:
    weak = RSA_ROOT.issue(ca_request("Weak", key=("RSA_1024", 31)))
    with_md5 = altered(weak, (SHA256_WITH_RSA, MD5_WITH_RSA), hash_algorithm=hashes.MD5())  # noqa: S303 -- what is tested
    leaf = weak.issue(replace(SERVER, key=("RSA_2048", 0)))
    candidate = as_is(Parts(leaf.pem, leaf.key_pem, with_md5.public_bytes(Encoding.PEM) + RSA_ROOT.pem))

    assert found(candidate) == ["weak-key", "weak-signature"]
    assert messages(candidate, "weak-key") == [("chain[0]", "its key is RSA_1024, which clients refuse")]
    assert messages(candidate, "weak-signature") == [
        ("chain[0]", "it is signed with md5WithRSAEncryption, which clients refuse")
    ]


def test_names_that_cannot_be_read_are_not_called_missing() -> None:
    unreadable = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")

    candidate = issued(Request(common_name="Shop", extensions=(unreadable,)))

    assert list(judge(candidate)) == [
        finding for finding in judge(candidate) if finding.rule == "certificate-partly-unreadable"
    ]
    assert messages(candidate, "certificate-partly-unreadable") == [("leaf", "its extensions cannot be read")]


def test_one_of_several_common_names_is_domain_enough() -> None:
    two_names = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each) for each in ("shop.example.com", "Shop")])
    key = LEAF.issuers[0].private_key
    builder = x509.CertificateBuilder(
        LEAF.certificate.issuer, two_names, LEAF.certificate.public_key(), 1, NOW, NOW.replace(year=2030)
    ).add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("192.0.2.1"))]), critical=False)
    body = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)

    assert found(as_is(replace(parts_of(LEAF), body=body))) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"junk", "it must hold one certificate in PEM, and holds none"),
        (LEAF.der, "it must hold one certificate in PEM, and is DER"),
        (b"", "it must hold one certificate in PEM, and is empty"),
        (LEAF.pem[:-30], "it must hold one certificate in PEM, and holds none"),
        (LEAF.pem + PUBLIC_KEY, "it must hold one certificate in PEM, and holds 2: CERTIFICATE, PUBLIC KEY"),
        (LEAF.pem.replace(b"MII", b"AII", 1), "what it holds cannot be parsed as a certificate"),
        (LEAF.pem.replace(b"MII", b"M!I", 1), "what it holds cannot be parsed as a certificate"),
    ],
    ids=["garbage", "DER", "empty", "cut off", "with a public key", "malformed DER", "no base64"],
)
def test_a_body_that_is_not_one_certificate_says_what_it_is(body: bytes, message: str) -> None:
    candidate = as_is(replace(parts_of(LEAF), body=body))

    assert messages(candidate, "body-not-one-certificate") == [("leaf", message)]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (b"private/key.pem", "it must hold one private key in PEM, and holds none"),
        (LEAF.pem, "it must hold one private key in PEM, and holds 1: CERTIFICATE"),
        (EC_PARAMETERS, "it must hold one private key in PEM, and holds none"),
        (LEAF.key_pem + EC_PARAMETERS, "it must hold one private key in PEM, and holds 2: EC PARAMETERS, PRIVATE KEY"),
        (LEAF.key_pem.replace(b"MIG", b"AIG"), "what it holds cannot be read as a private key"),
        (LEAF.key_pem.replace(b"MIG", b"M!G"), "what it holds cannot be read as a private key"),
        (
            LEAF.key_pem.replace(b"PRIVATE", b"DSA PRIVATE"),
            "it must hold one private key in PEM, and holds 1: DSA PRIVATE KEY",
        ),
    ],
    ids=[
        "a path",
        "a certificate",
        "parameters alone",
        "parameters behind",
        "malformed DER",
        "no base64",
        "another label",
    ],
)
def test_a_key_that_is_not_one_key_says_what_it_is(key: bytes, message: str) -> None:
    candidate = as_is(replace(parts_of(LEAF), key=key))

    assert messages(candidate, "key-not-one-key") == [("key", message)]


def test_a_key_under_a_password_of_openssls_own_is_encrypted() -> None:
    header = b"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
    key = LEAF.traditional_key_pem.replace(b"KEY-----\n", header, 1)

    assert found(as_is(replace(parts_of(LEAF), key=key))) == ["key-encrypted"]


def test_a_certificate_of_the_chain_that_cannot_be_parsed_is_counted() -> None:
    chain = LEAF.chain_pem + LEAF.issuers[1].pem.replace(b"MII", b"AII", 1)

    candidate = as_is(replace(parts_of(LEAF), chain=chain))

    assert messages(candidate, "chain-not-certificates") == [("chain", "of its 2 certificates 1 can be parsed")]


def test_nothing_is_said_of_a_certificate_that_is_not_there() -> None:
    candidate = as_is(Parts(b"junk", LEAF.key_pem, LEAF.chain_pem))

    assert found(candidate) == ["body-not-one-certificate"]


def test_what_was_mended_names_the_certificate() -> None:
    candidate = mended(LEAF, b"no DER at all", *LEAF.issuers)

    assert [(each.part, each.message.partition(": ")[0]) for each in judge(candidate)] == [
        ("bundle", "Example Root"),
        ("bundle", "sha256 0b0dae8c5221cd1b…"),
    ]


def test_a_chain_signed_with_sha1_is_a_warning_alone() -> None:
    leaf = make_chain(leaf=SERVER)

    (finding,) = judge(as_is(Parts(signed_with_sha1(leaf), leaf.key_pem, leaf.chain_pem)))

    assert (finding.rule, finding.severity) == ("weak-signature", Severity.WARNING)


def test_a_self_signed_ca_without_a_chain_breaks_nothing_that_acm_refuses() -> None:
    root = make_root()

    findings = list(judge(as_is(Parts(root.pem, root.key_pem))))

    assert [(each.rule, each.severity) for each in findings] == [("no-domain-name", Severity.WARNING)]


def test_every_error_about_the_content_of_a_bundle_has_a_criterion() -> None:
    errors = {kind.code for kind in ContentError.__subclasses__()}

    assert errors <= {criterion.id for criterion in CRITERIA}


def test_a_blank_at_the_end_of_a_line_is_found_in_each_part() -> None:
    blobs = {"leaf": LEAF.pem, "key": LEAF.key_pem, "chain": LEAF.chain_pem}
    with_blanks = {part: blob.replace(b"\n", b" \n", 2) for part, blob in blobs.items()}

    candidate = as_is(Parts(with_blanks["leaf"], with_blanks["key"], with_blanks["chain"]))

    assert [part for part, _ in messages(candidate, "trailing-blanks")] == ["leaf", "key", "chain"]


def test_a_key_of_a_kind_that_acm_does_not_import_is_not_called_unreadable() -> None:
    body = altered(LEAF, (PRIME256V1, UNKNOWN_CURVE)).public_bytes(Encoding.PEM)
    key_der = LEAF.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    lines = encodebytes(key_der.replace(PRIME256V1, UNKNOWN_CURVE))
    key = b"-----BEGIN PRIVATE KEY-----\n" + lines + b"-----END PRIVATE KEY-----\n"

    candidate = as_is(replace(parts_of(LEAF), body=body, key=key))

    assert messages(candidate, "key-algorithm-unsupported") == [
        ("leaf", "the key is of a kind or on a curve (1.2.840.10045.3.1.127) that ACM does not import")
    ]
    assert "key-not-one-key" not in found(candidate)


@pytest.mark.parametrize(("size", "is_told"), [(5_120, False), (8_192, True), (8_193, False)])
def test_a_key_is_told_to_be_longer_than_documented_where_nothing_forbids_it(*, size: int, is_told: bool) -> None:
    candidate = as_is(replace(parts_of(LEAF), key=padded(LEAF.key_pem, size)))

    assert ("key-over-documented-size" in found(candidate)) is is_told


def test_what_holds_no_pem_at_all_is_not_called_edited() -> None:
    assert "pem-edited" not in found(as_is(replace(parts_of(LEAF), chain=b"-----BEGIN CERTIFICATE\n")))


def test_a_signature_with_an_unknown_hash_is_unchecked_and_not_out_of_order() -> None:
    middle = RSA_ROOT.issue(ca_request("Weak", key=("RSA_1024", 31)))
    with_md2 = altered(middle, (SHA256_WITH_RSA, MD2_WITH_RSA))
    leaf = middle.issue(replace(SERVER, key=("RSA_2048", 0)))

    candidate = as_is(Parts(leaf.pem, leaf.key_pem, with_md2.public_bytes(Encoding.PEM) + RSA_ROOT.pem))

    assert messages(candidate, "chain-signature-unchecked") == [
        ("chain[1]", "whether it issued the one before it cannot be checked: the kind of key or hash is unknown")
    ]
    assert "chain-not-in-order" not in found(candidate)


@pytest.mark.parametrize(
    ("chain", "message"),
    [
        (b"junk", "it must hold certificates in PEM, and holds none"),
        (LEAF.issuers[0].der, "it must hold certificates in PEM, and is DER"),
    ],
    ids=["garbage", "DER"],
)
def test_a_chain_that_is_not_certificates_says_what_it_is(chain: bytes, message: str) -> None:
    candidate = as_is(replace(parts_of(LEAF), chain=chain))

    assert messages(candidate, "chain-not-certificates") == [("chain", message)]


@pytest.mark.parametrize("end", ["not_before", "not_after"])
def test_a_certificate_of_the_chain_is_valid_from_its_first_second_to_its_last(end: str) -> None:
    request = replace(ca_request("Issuing", key=("EC_prime256v1", 31)), **{end: NOW})  # type: ignore[arg-type] # both are times

    candidate = as_is(parts_of(make_root().issue(request).issue(SERVER)))

    assert messages(candidate, "chain-certificate-expired") == []
