"""What ACM's refusals mean: each of them served over HTTP, by the strict ACM where it has it, else in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.aws.refusals import TRANSLATIONS, Translation, translate, without_input
from certkit.bundle import Parts
from certkit.errors import AwsError, AwsQuotaError
from certkit.report.refusals import page
from certkit.testing import Behaviour
from tests.aws.faults import Refusal
from tests.aws.scene import HOME, NOW, OTHER, renewed
from tests.issuing import (
    CLIENT_AUTH,
    SERVER_AUTH,
    Issued,
    Request,
    as_version_1,
    ca_request,
    make_chain,
    make_root,
    self_signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from certkit.aws.acm import Acm
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "acm-errors.md"
SHOP: Final = make_chain()
PARTS: Final = Parts(SHOP.pem, SHOP.key_pem, SHOP.chain_pem)
TAGS: Final = {"team": "web"}
OTHERS: Final = make_chain(leaf=Request(key=("EC_prime256v1", 5)))


def parts_of(issued: Issued) -> Parts:
    return Parts(issued.pem, issued.key_pem, issued.chain_pem if issued.issuer else b"")


def issued(**changes: Any) -> Parts:
    return parts_of(make_chain(leaf=replace(Request(), **changes)))


def under_a_lapsed_intermediate(**dates: Any) -> Parts:
    request = replace(ca_request("Issuing", key=("EC_prime256v1", 31)), **dates)
    return parts_of(make_root().issue(request).issue(Request()))


def refused(call: Callable[..., object], *arguments: object) -> AwsError:
    with pytest.raises(AwsError) as caught:
        call(*arguments)
    return caught.value


SERVED: Final[Mapping[str, tuple[Parts, str]]] = {
    # what is sent, what the cause says
    "a bundle as the certificate": (replace(PARTS, body=SHOP.pem + SHOP.chain_pem), "its chain stands with it"),
    "a chain of another's": (
        replace(PARTS, chain=make_root("Other").pem),
        "no certificate of the chain issued this one",
    ),
    "a chain in the wrong order": (
        replace(PARTS, chain=SHOP.issuers[1].pem + SHOP.issuers[0].pem),
        "the chain is not in order from chain[0] on",
    ),
    "a gap in the chain": (
        replace(PARTS, chain=SHOP.chain_pem + make_root("Other").pem),
        "the chain is not in order from chain[1] on",
    ),
    "the leaf in the chain": (replace(PARTS, chain=SHOP.pem + SHOP.chain_pem), "or it is the leaf itself"),
    "a key of an odd size": (issued(key=("RSA_1536", 0)), "a private key of 1536 bits is none that ACM takes"),
    "a key of another kind": (issued(key=("EC_secp256k1", 0)), "the key is of a kind that ACM does not take"),
    "a key under a password": (replace(PARTS, key=SHOP.encrypted_key_pem(b"x")), "was sent with a password on it"),
    "a certificate as the key": (replace(PARTS, key=SHOP.pem), "another PEM block"),
    "another's key": (replace(PARTS, key=OTHERS.key_pem), "the private key is not the certificate's"),
    "a key that is no PEM": (replace(PARTS, key=b"-----BEGIN PRIVATE KEY-----\n!"), "as the private key is no PEM"),
    "an expired certificate": (issued(not_after=NOW.replace(month=1)), "the certificate has expired"),
    "a future certificate": (issued(not_before=NOW.replace(month=12)), "the validity of the certificate has not begun"),
    "an expired intermediate": (
        under_a_lapsed_intermediate(not_after=NOW.replace(month=1)),
        "a certificate of the chain has expired",
    ),
    "a future intermediate": (
        under_a_lapsed_intermediate(not_before=NOW.replace(month=12)),
        "a certificate of the chain is not yet valid",
    ),
    "a certificate with characters changed": (
        replace(PARTS, body=SHOP.pem.replace(b"MII", b"M!I", 1)),
        "is no PEM as ACM reads it",
    ),
    "a chain that is no PEM": (replace(PARTS, chain=b"junk"), "is no PEM as ACM reads it"),
    "a certificate without an issuer": (
        parts_of(self_signed(Request(common_name=None, sans=("a.example.com",)))),
        "issuer field is empty",
    ),
    "a certificate with a long OCSP address": (issued(ocsp_url=f"http://{'a' * 1000}"), "more than 1,000 characters"),
    "a certificate of version 1": (
        Parts(as_version_1(self_signed(Request())), self_signed(Request()).key_pem),
        "an X.509 version 1 certificate",
    ),
    "a key that is too long": (
        replace(PARTS, key=b"#" * 8192 + SHOP.key_pem),
        "privateKey breaks a limit of ACM's: it must have length less than or equal to 8192",
    ),
    "a certificate that is too long": (replace(PARTS, body=b"#" * 32_768 + SHOP.pem), "certificate breaks a limit"),
}


@pytest.mark.parametrize("what", SERVED)
def test_what_the_strict_acm_refuses_is_told_with_cause_and_fix(acm: Acm, what: str) -> None:
    parts, cause = SERVED[what]

    error = refused(acm.import_new, parts, {"team": "web"})

    assert error.message.startswith(f"importing into {HOME}: ")
    assert cause in error.message
    assert "(ValidationException: " in error.message
    assert error.hint


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        (
            {},
            {"key": ("EC_secp384r1", 0)},
            "the key is EC_secp384r1 and that of the certificate under this ARN EC_prime256v1",
        ),
        ({"key_usages": ("digital_signature", "crl_sign")}, {"key_usages": ("crl_sign",)}, "it lacks a key usage"),
        (
            {"extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)},
            {"extended_key_usages": (CLIENT_AUTH,)},
            "lacks an extended key usage",
        ),
        ({}, {"common_name": "localhost"}, "has no domain name left"),
    ],
)
def test_what_cannot_stand_under_the_arn_is_told_with_the_clause(
    acm: Acm, put: Callable[..., str], before: dict[str, Any], after: dict[str, Any], cause: str
) -> None:
    arn = put(make_chain(leaf=replace(Request(), **before)))

    error = refused(acm.reimport, arn, issued(**after))

    assert error.message.startswith(f"reimporting into {arn}: ")
    assert cause.removeprefix("it ") in error.message
    assert "certkit migrate" in (error.hint or "")


def test_what_amazon_issued_is_told_as_such(acm: Acm, amazon_issued: str) -> None:
    error = refused(acm.reimport, amazon_issued, PARTS)

    assert "only an imported certificate can be replaced" in error.message


def test_an_arn_that_nothing_has_is_told_as_such(acm: Acm) -> None:
    arn = f"arn:aws:acm:{HOME}:{OTHER}:certificate/1"

    error = refused(acm.reimport, arn, PARTS)

    assert error.message == (
        f"reimporting into {arn}: there is no certificate under this ARN in this account and region, or not any more"
        f" (ResourceNotFoundException: Could not find certificate {arn})"
    )


def test_an_arn_of_something_else_is_told_as_such(acm: Acm) -> None:
    error = refused(acm.reimport, f"arn:aws:acm:{HOME}:{OTHER}:acme-endpoint/1", PARTS)

    assert "that is not the ARN of a certificate in ACM" in error.message


@pytest.mark.parametrize(
    ("behaviour", "cause", "deletes"),
    [
        (Behaviour(imports_per_year=0), "the imports of the last 365 days are used up", False),
        (Behaviour(imported_certificates=0), "as many imported certificates as the account may have", True),
    ],
)
def test_the_quota_that_is_used_up_is_named_and_whether_deleting_helps(
    acm: Acm, server: StrictAcm, behaviour: Behaviour, cause: str, *, deletes: bool
) -> None:
    server.behaviour = behaviour

    error = refused(acm.import_new, PARTS, TAGS)

    assert isinstance(error, AwsQuotaError)
    assert cause in error.message
    assert ("delete those that nothing uses" in (error.hint or "")) is deletes


@pytest.mark.parametrize(
    ("tags", "code", "cause"),
    [
        (
            {f"tag{number}": "x" for number in range(51)},
            "TooManyTagsException",
            "more than 50 tags, those of others included",
        ),
        ({"aws:team": "web"}, "ValidationException", "begins with aws:"),
        ({"team": "aws:web"}, "InvalidTagException", "its value begins with aws:"),
    ],
)
def test_tags_that_acm_does_not_take_are_told_as_such(acm: Acm, tags: dict[str, str], code: str, cause: str) -> None:
    error = refused(acm.import_new, PARTS, tags)

    assert cause in error.message
    assert code in error.message


def test_tags_beside_those_of_others_are_counted_together(acm: Acm, put: Callable[..., str]) -> None:
    arn = put(SHOP, **{f"tag{number}": "x" for number in range(50)})

    error = refused(acm.add_tags, arn, {"one": "more"})

    assert "more than 50 tags, those of others included" in error.message


def test_a_certificate_that_is_in_use_is_told_as_such(acm: Acm, put: Callable[..., str], server: StrictAcm) -> None:
    arn = put(SHOP)
    server.backend(arn.split(":")[4], HOME).set_in_use(arn, ("arn:aws:elasticloadbalancing:us-east-1:1:listener/1",))

    error = refused(acm.delete, arn)

    assert "still uses the certificate" in error.message
    assert "certkit status" in (error.hint or "")


def test_what_the_caller_may_not_do_is_named(acm: Acm, server: StrictAcm) -> None:
    server.deny("ImportCertificate", region=HOME)

    error = refused(acm.import_new, PARTS, TAGS)

    assert error.hint == "the caller's policy must allow this action: acm:ImportCertificate"


@pytest.mark.parametrize("one", TRANSLATIONS, ids=lambda one: f"{one.codes[0]} {one.example}"[:60])
def test_every_known_refusal_is_told_over_http(acm: Acm, wire: Proxy, one: Translation) -> None:
    status = 500 if one.codes[0].startswith("Internal") else 400
    wire.always("ImportCertificate", Refusal(one.codes[0], one.example, status))

    error = refused(acm.reimport, f"arn:aws:acm:{HOME}:{OTHER}:certificate/1", PARTS)

    cause, fix = translate(one.codes[0], one.example) or ("", "")
    assert error.aws_code == one.codes[0]
    assert cause in error.message
    assert one.codes[0] in error.message
    assert without_input(one.example) in error.message
    assert error.hint == fix or isinstance(error, AwsQuotaError)


@pytest.mark.parametrize("one", TRANSLATIONS, ids=lambda one: one.pattern or one.codes[0])
def test_other_letters_and_more_words_change_nothing(one: Translation) -> None:
    reworded = f"{one.example.upper() if '(?P<' not in one.pattern else one.example} (request 1-2-3)"

    assert one.match(one.codes[-1], reworded)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (
            "The private key is not supported. Only RSA 1024-bit and 2048-bit private keys are allowed.",
            "of a kind that",
        ),
        ("The certificate body provided is not in a valid PEM format.", "is no PEM as ACM reads it"),
        ("The certificate chain provided is not in a valid PEM format", "is no PEM as ACM reads it"),
        ("The certificate is not PEM-encoded or is not valid.", "is no PEM as ACM reads it"),
        ("The certificate is not valid.", "a path or other text in its place"),
        ("The certificate has expired.", "the certificate has expired"),
        ("Private key doesn't match the certificate", "is not the certificate's"),
        (
            (
                "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, "
                "followed by any intermediaries in order."
            ),
            "the chain is not in order",
        ),
        (
            (
                "2 validation errors detected: Value at 'privateKey' failed to satisfy constraint: Member must have length less "
                "than or equal to 8192; Value 'x' at 'certificate' failed to satisfy constraint: Member must not be null"
            ),
            "privateKey breaks a limit of ACM's: it must have length less than or equal to 8192",
        ),
    ],
)
def test_the_same_refusal_in_other_words_is_told_the_same(words: str, cause: str) -> None:
    found = translate("ValidationException", without_input(words))

    assert found is not None
    assert cause in found[0]


@pytest.mark.parametrize(
    ("resource", "hint"),
    [
        ("", "the caller's policy must allow this action: acm:ImportCertificate"),
        (
            " on resource: arn:aws:acm:us-east-1:111122223333:certificate/* because no identity-based policy allows it",
            (
                "the caller's policy must allow this action: acm:ImportCertificate on"
                " arn:aws:acm:us-east-1:111122223333:certificate/*"
            ),
        ),
        (
            " on resource: arn:aws:acm:us-east-1:111122223333:certificate/* with an explicit deny in a service control policy",
            "a policy forbids acm:ImportCertificate outright, perhaps one of the organisation's: no other policy can allow it",
        ),
    ],
)
def test_a_denied_action_is_named_with_what_it_was_denied_on(resource: str, hint: str) -> None:
    words = f"User: arn:aws:iam::111122223333:user/ci is not authorized to perform: acm:ImportCertificate{resource}"

    assert translate("AccessDeniedException", words) == ("", hint)


def test_an_unknown_refusal_is_shown_as_it_came(acm: Acm, wire: Proxy) -> None:
    wire.script("ImportCertificate", Refusal("NewException", "Mercury is in retrograde."))

    error = refused(acm.import_new, PARTS, TAGS)

    assert error.message == f"importing into {HOME}: NewException: Mercury is in retrograde"
    assert error.hint is None


KEY: Final = SHOP.key_pem.decode()


@pytest.mark.parametrize(
    "words",
    [
        f"1 validation error detected: Value '{KEY}' at 'privateKey' failed to satisfy constraint: Member must have length",
        f"The private key is not supported: {KEY}",
        f"Could not parse {''.join(KEY.splitlines()[1:-1])}",
        f"The private key is not supported: {KEY[:100]}",
    ],
    ids=["a value", "a key", "its base64", "a part of it"],
)
def test_what_acm_quotes_of_the_input_is_never_shown(acm: Acm, wire: Proxy, words: str) -> None:
    wire.script("ImportCertificate", Refusal("ValidationException", words))

    error = refused(acm.import_new, PARTS, TAGS)

    assert error.aws_code == "ValidationException"
    assert [line for line in KEY.splitlines()[1:-1] if line[:20] in f"{error.message} {error.hint}"] == []


def test_a_value_that_acm_quotes_is_left_out_and_the_rest_stays() -> None:
    words = (
        f"1 validation error detected: Value '{KEY}' at 'privateKey' failed to satisfy constraint: Member must be less."
    )

    assert without_input(words) == (
        "1 validation error detected: Value at 'privateKey' failed to satisfy constraint: Member must be less"
    )


def test_endless_words_are_cut_off() -> None:
    assert len(without_input("no " * 9999)) < 700


def test_a_principal_and_an_arn_are_no_input() -> None:
    words = (
        "User: arn:aws:sts::111122223333:assumed-role/deploy/session is not authorized to perform: acm:ImportCertificate on"
        " resource: arn:aws:acm:us-east-1:111122223333:certificate/0f8d2f6e-4b0c-4f64-8b8e-0123456789ab"
    )

    assert without_input(words) == words


def test_the_page_of_refusals_is_up_to_date() -> None:
    """`make docs` writes it."""
    assert PAGE.read_text("utf-8") == page(TRANSLATIONS)


def test_renewal_goes_through(acm: Acm, put: Callable[..., str]) -> None:
    arn = put(SHOP)

    acm.reimport(arn, parts_of(renewed()))

    assert acm.record(arn).leaf != SHOP.certificate
