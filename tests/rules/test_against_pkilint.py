"""certkit's lints of public certificates, held against pkilint's on the same certificates.

pkilint (https://github.com/digicert/pkilint) checks everything that the Baseline Requirements ask of a CA; certkit says what
its user can act on. Where the two differ, the tables here say why. Nothing may differ that does not stand there.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from pkilint import finding_filter, loader
from pkilint.cabf import serverauth
from pkilint.cabf.serverauth.serverauth_constants import CertificateType
from pkilint.pkix import certificate as pkix

from certkit.bundle import Parts
from certkit.rules import clients, judge
from certkit.trust import Profile
from certkit.validate import candidate_as_is
from tests.issuing import ANY_USAGE, CLIENT_AUTH, SERVER_AUTH, Request, make_chain, signed_with_sha1
from tests.rules.public import DAY, NOW, PUBLIC, SECOND

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "pki"
KIND: Final = CertificateType.DV_FINAL_CERTIFICATE
PKILINT: Final = pkix.create_pkix_certificate_validator_container(
    serverauth.create_decoding_validators(), serverauth.create_validators(KIND)
)

SAME: Final[Mapping[str, str]] = {
    "cabf.internal_domain_name": "internal-name",
    "cabf.internal_ip_address": "internal-name",
    "cabf.rsa_modulus_invalid_length": "weak-key",
    "cabf.serverauth.certificate_validity_period_exceeds_100_days": "validity-over-public-limit",
    "cabf.serverauth.certificate_validity_period_exceeds_200_days": "validity-over-public-limit",
    "cabf.serverauth.certificate_validity_period_exceeds_398_days": "validity-over-public-limit",
    "cabf.serverauth.certificate_validity_period_exceeds_47_days": "validity-over-public-limit",
    "cabf.serverauth.invalid_dnsname_syntax": "dns-name-malformed",
    "cabf.serverauth.prohibited_signature_algorithm_encoding": "weak-signature",
    "cabf.serverauth.prohibited_subject_public_key_algorithm_encoding": "key-algorithm-unsupported",
    "cabf.serverauth.subscriber.anyeku_eku_present": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.codesigning_eku_present": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.emailprotection_eku_present": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.extended_key_usage_extension_absent": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.ocspsigning_eku_present": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.serverauth_eku_absent": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber.subject_altname_extension_absent": "no-subject-alternative-name",
    "cabf.serverauth.subscriber.timestamping_eku_present": "extended-key-usage-not-for-servers",
    "cabf.serverauth.subscriber_basic_constraints_ca_bit_set": "ca-as-leaf",
    "cabf.serverauth.subscriber_common_name_unknown_source": "common-name-not-in-san",
    "cabf.serverauth.subscriber_prohibited_ku_present": "key-usage-not-for-servers",
    "cabf.serverauth.subscriber_required_ku_missing": "key-usage-not-for-servers",
    "pkix.key_usage_value_prohibited_for_rsa": "key-usage-not-for-servers",
    "pkix.san_extension_is_critical_non_empty_subject": "san-criticality",
    "pkix.san_extension_not_critical_empty_subject": "san-criticality",
}
"""What both find: pkilint's word for it, and certkit's."""

ONLY_PKILINT: Final[Mapping[str, str]] = {
    "cabf.ecdsa_key_validation_failed": "it says that it cannot check a key that both call unsupported",
    "cabf.serverauth.certificate_validity_period_exceeds_199_days": "a recommendation: a day less than the limit",
    "cabf.serverauth.certificate_validity_period_exceeds_397_days": "the same",
    "cabf.serverauth.certificate_validity_period_exceeds_46_days": "the same",
    "cabf.serverauth.certificate_validity_period_exceeds_99_days": "the same",
    "cabf.serverauth.dv.common_name_attribute_present": "a recommendation: nearly every certificate has one, none is hurt",
    "cabf.serverauth.subscriber.authority_info_access_extension_absent": "the CA's matter: clients find the chain in ACM's",
    "cabf.serverauth.subscriber.authority_key_identifier_extension_absent": "the CA's matter: no client needs it",
    "cabf.serverauth.subscriber.certificate_policies_extension_absent": "the CA's matter: no client needs it",
    "cabf.serverauth.subscriber.key_usage_extension_absent": "a recommendation: absent, it restricts nothing",
    "cabf.serverauth.subscriber.revocation_information_absent": "the CA's matter: a user can ask for nothing here",
    "cabf.serverauth.subscriber_discouraged_ku_present": "a recommendation: keyAgreement hurts no client",
    "cabf.serverauth.subscriber_recommended_ku_missing": "a recommendation: RSA does without in TLS 1.2",
    "cabf.serverauth.subscriber_rsa_digitalsignature_and_keyencipherment_present": "a recommendation, and common",
    "cabf.serverauth.dv.unknown_attribute_present": "the CA's matter: an organisation in a certificate of the kind DV",
    "cabf.serverauth.subscriber.subject_key_identifier_extension_present": "a recommendation, and common",
    "msft.end_entity.revocation_information_absent": "the CA's matter",
    "pkix.authority_key_identifier_extension_absent": "the CA's matter",
    "pkix.ca_certificate_no_ku_extension": "of a CA's certificate, which `ca-as-leaf` has found",
    "pkix.ca_certificate_keycertsign_keyusage_not_set": "of a CA's certificate, which `ca-as-leaf` has found",
    "pkix.certificate_skid_ca_missing": "of a CA's certificate, which `ca-as-leaf` has found",
    "pkix.ee_certificate_keycertsign_keyusage_set": "said twice: `prohibited_ku_present` says it",
    "pkix.extended_key_usage_extension_with_timestamping_not_critical": "of a purpose that both forbid",
    "pkix.key_usage_value_prohibited_for_ec": "RFC 8813's word for what the Baseline Requirements prohibit too",
    "pkix.key_usage_value_prohibited_for_edwards_curve": "of a key that both call unsupported",
    "pkix.subject_key_identifier_method_1_identified": "a remark, not a fault",
}
"""What certkit has no rule for, and why."""

ONLY_CERTKIT: Final[Mapping[str, str]] = {
    "client-auth": "the browsers' programmes forbid it, not yet the Baseline Requirements",
    "intermediate-expires-soon": "pkilint looks at one certificate, not at a chain",
    "root-in-public-chain": "the same",
}
"""What pkilint has no word for, and why."""


def codes(certificate: x509.Certificate) -> dict[str, str]:
    """What pkilint finds in a certificate, with its messages."""
    document = loader.load_certificate(certificate.public_bytes(Encoding.DER), "certificate")
    filters = serverauth.create_serverauth_finding_filters(KIND)
    results, _ = finding_filter.filter_results(filters, PKILINT.validate(document.root))
    return {one.finding.code: one.message or "" for result in results for one in result.finding_descriptions}


def named(found: Mapping[str, str]) -> set[str]:
    """What pkilint finds, in certkit's words."""
    rules = {SAME[code] for code in found if code in SAME}
    said = found.get("cabf.serverauth.subscriber_prohibited_ku_present", "")
    prohibited = said + found.get("pkix.key_usage_value_prohibited_for_ec", "")
    # A word of its own for the one key usage that a reimport may drop.
    if "keyEncipherment" in prohibited:
        rules.add("key-encipherment-on-ec")
    if said.endswith(": keyEncipherment") and "cabf.serverauth.subscriber_required_ku_missing" not in found:
        rules.discard("key-usage-not-for-servers")
    # Without names there is none that the common name could be, which is said once.
    if "no-subject-alternative-name" in rules:
        rules.discard("common-name-not-in-san")
    # What a CA's certificate may last, and that it names no host, is another matter: certkit imports one for inspection.
    if "ca-as-leaf" in rules:
        rules -= {"validity-over-public-limit", "no-subject-alternative-name"}
    return rules


def own(parts: Parts) -> tuple[x509.Certificate, set[str]]:
    """What certkit finds in the same, as far as pkilint could have an opinion on it."""
    candidate = replace(candidate_as_is(parts, NOW), profile=Profile.PUBLIC)
    assert candidate.leaf is not None
    compared = {*SAME.values(), *(rule.id for rule in clients.RULES)} - set(ONLY_CERTKIT)
    return candidate.leaf, {finding.rule for finding in judge(candidate)} & compared


# The matrix: one change to a certificate with which nothing is wrong, and every two that go together.

COMPLETE: Final = replace(
    PUBLIC,
    extensions=(
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(oid, x509.UniformResourceIdentifier(f"http://ca.example.com/{path}"))
                for oid, path in (
                    (AuthorityInformationAccessOID.CA_ISSUERS, "ca.crt"),
                    (AuthorityInformationAccessOID.OCSP, "ocsp"),
                )
            ]
        ),
        x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)]),
        x509.CRLDistributionPoints(
            [x509.DistributionPoint([x509.UniformResourceIdentifier("http://ca.example.com/crl")], None, None, None)]
        ),
        x509.AuthorityKeyIdentifier(bytes(20), None, None),
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a certificate says instead.

    Attributes:
        kind: two changes of one kind do not go together.
    """

    kind: str
    name: str
    fields: Mapping[str, Any]


def _day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _validity(first: str, days: int, seconds: int) -> Change:
    since = _day(first)
    fields = {"not_before": since, "not_after": since + days * DAY - SECOND + seconds * SECOND}
    return Change("validity", f"{first} for {days} days {seconds:+} s", fields)


def _changes(kind: str, field: str, values: Sequence[object]) -> list[Change]:
    return [Change(kind, f"{field} {value}", {field: value}) for value in values]


SHOP: Final = "shop.example.com"
VALIDITIES: Final = [
    _validity(first, days, seconds)
    for first, days, seconds in product(
        ("2020-09-01", "2026-03-14", "2026-03-15", "2027-03-14", "2027-03-15", "2029-03-14", "2029-03-15"),
        (47, 100, 200, 398),
        (-1, 0, 1),
    )
]
CHANGES: Final = [
    _validity("2026-03-15", 200, 1),
    *_changes(
        "key", "key", [(each, 0) for each in ("EC_secp384r1", "EC_secp256k1", "RSA_1024", "RSA_2048", "Ed25519")]
    ),
    *_changes(
        "usages",
        "key_usages",
        [
            (),
            ("key_encipherment",),
            ("digital_signature", "key_encipherment"),
            ("digital_signature", "key_agreement"),
            ("digital_signature", "data_encipherment"),
            ("digital_signature", "content_commitment"),
            ("key_cert_sign", "crl_sign"),
        ],
    ),
    *_changes(
        "purposes",
        "extended_key_usages",
        [
            (),
            (CLIENT_AUTH,),
            (SERVER_AUTH, CLIENT_AUTH),
            (SERVER_AUTH, ANY_USAGE),
            (SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING),
            (SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION),
            (SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING),
        ],
    ),
    *_changes(
        "names",
        "sans",
        [
            (),
            (SHOP, "*.example.com"),
            (SHOP, "my_shop.example.com"),
            (SHOP, "s*.example.com"),
            (SHOP, "a.*.example.com"),
            (SHOP, "www.example.com."),
            (SHOP, "-a.example.com"),
            (SHOP, "xn--bcher-kva.example.com"),
            (SHOP, "a.internal"),
            (SHOP, "a.local"),
            (SHOP, "a.test"),
            (SHOP, "a.lan"),
            (SHOP, "a.home.arpa"),
            (SHOP, "10.0.0.1"),
            (SHOP, "198.41.0.4"),
            (SHOP, "fd00::1"),
            (SHOP, "2001:db8::1"),
            (SHOP, "2620:fe::fe"),
        ],
    ),
    *_changes("subject", "common_name", [None, "Shop", "old.example.com", "SHOP.example.com"]),
    *_changes("criticality", "san_is_critical", [True, False]),
    *_changes("authority", "is_ca", [True]),
    *_changes("rest", "extensions", [()]),
]


ALONE: Final[Sequence[tuple[Change, ...]]] = [(), *((change,) for change in (*VALIDITIES, *CHANGES))]


def _pairs() -> Iterator[tuple[Change, ...]]:
    yield from (pair for pair in combinations(CHANGES, 2) if pair[0].kind != pair[1].kind)


def _issued(changes: Sequence[Change]) -> Parts:
    fields: dict[str, Any] = {}
    for change in changes:
        fields |= change.fields
    chain = make_chain(leaf=replace(COMPLETE, **fields))
    return Parts(chain.pem, chain.key_pem, chain.chain_pem)


def _difference(parts: Parts) -> tuple[set[str], set[str]]:
    """What only pkilint, and what only certkit finds."""
    leaf, mine = own(parts)
    found = codes(leaf)
    unknown = set(found) - set(SAME) - set(ONLY_PKILINT)
    theirs = named(found)
    return unknown | theirs - mine, mine - theirs


@pytest.mark.parametrize(
    "changes", ALONE, ids=lambda changes: ", ".join(change.name for change in changes) or "nothing"
)
def test_both_find_the_same_in_a_certificate_with_one_thing_changed(changes: tuple[Change, ...]) -> None:
    assert _difference(_issued(changes)) == (set(), set())


@pytest.mark.slow
def test_both_find_the_same_in_certificates_with_any_two_things_changed() -> None:
    differences = {
        ", ".join(change.name for change in pair): difference
        for pair in _pairs()
        if (difference := _difference(_issued(pair))) != (set(), set())
    }

    assert differences == {}


def test_both_find_the_same_in_a_certificate_signed_with_sha_1() -> None:
    chain = make_chain(leaf=COMPLETE)

    assert _difference(Parts(signed_with_sha1(chain), chain.key_pem, chain.chain_pem)) == (set(), set())


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.crt")), ids=lambda path: path.stem)
def test_both_find_the_same_in_a_fixture(path: Path) -> None:
    assert _difference(Parts(path.read_bytes(), b"")) == (set(), set())


def test_both_find_something_of_every_kind() -> None:
    found = [own(_issued(changes)) for changes in ALONE]

    seen = {rule for _, rules in found for rule in rules}
    assert seen | {"weak-signature"} == {*SAME.values(), "key-encipherment-on-ec"}


# Where they differ


@pytest.mark.parametrize(
    ("fields", "only_pkilint", "only_certkit", "reason"),
    [
        (
            {"sans": (SHOP, "shop")},
            set(),
            {"internal-name"},
            "pkilint takes a single label for no domain name, and says nothing; nobody else can be reached by it",
        ),
        (
            {"sans": (SHOP, "a.notatld")},
            {"internal-name"},
            set(),
            "pkilint knows the Public Suffix List; certkit only the names that are reserved, since the list changes daily",
        ),
        (
            {"sans": (SHOP, "a.onion")},
            {"cabf.serverauth.invalid_tor_v3_domain_name"},
            set(),
            "no service of AWS's serves onion names",
        ),
        (
            {"sans": (SHOP, "1.2.0.192.in-addr.arpa")},
            {"cabf.serverauth.ip_reverse_zone_domain_name_present"},
            set(),
            "the CA's matter: the name belongs to whoever has the address",
        ),
        (
            {"sans": (SHOP, "ab--cd.example.com")},
            {"cabf.serverauth.dnsname_contains_prohibited_reserved_label"},
            set(),
            "clients match it like any other name",
        ),
        (
            {"not_before": _day("2019-06-01"), "not_after": _day("2019-06-01") + 825 * DAY - SECOND},
            {"validity-over-public-limit"},
            set(),
            "pkilint holds 398 days against what was issued before 2020-09-01 too, when 825 were allowed",
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_where_they_differ_it_is_known_why(
    fields: Mapping[str, Any], only_pkilint: set[str], only_certkit: set[str], reason: str
) -> None:
    parts = _issued([Change("", "", fields)])

    assert _difference(parts) == (only_pkilint, only_certkit)
    assert reason


@pytest.mark.parametrize("table", [ONLY_PKILINT, ONLY_CERTKIT])
def test_every_difference_has_a_reason(table: Mapping[str, str]) -> None:
    assert all(table.values())
    assert set(ONLY_CERTKIT) <= {rule.id for rule in clients.RULES}


def test_the_request_that_changes_are_made_to_is_faultless() -> None:
    leaf, mine = own(_issued([]))

    assert (mine, set(codes(leaf))) == (set(), {"cabf.serverauth.dv.common_name_attribute_present"})
    assert isinstance(COMPLETE, Request)
