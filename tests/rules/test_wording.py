"""What each rule says, word by word: it is what a person reads, and what a script may look for."""

from typing import Final

import pytest

from certkit.rules import judge
from tests.rules.cases import BREACHES

SAID: Final = (
    ("no-key", "key", "there is no private key"),
    ("key-mismatch", "key", "the private key does not belong to the certificate"),
    ("key-algorithm-unsupported", "leaf", "the key is EC_secp256k1, which ACM does not import"),
    ("certificate-not-version-3", "leaf", "it is an X.509 version 1 certificate"),
    ("certificate-partly-unreadable", "leaf", "its extensions cannot be read"),
    ("certificate-expired", "leaf", "it expired on 2026-11-22"),
    ("certificate-not-yet-valid", "leaf", "it is not valid before 2026-11-22 12:00 UTC"),
    ("issuer-empty", "leaf", "its issuer field is empty"),
    ("ocsp-url-too-long", "leaf", "its OCSP URL has more than 1,000 characters"),
    ("leaf-in-chain", "chain[0]", "it is the certificate itself"),
    ("chain-not-in-order", "chain[0]", "it did not issue the certificate"),
    (
        "chain-missing",
        "chain",
        "a CA issued the certificate, and there is no chain: clients will not trust what is served",
    ),
    ("chain-certificate-expired", "chain[0]", "it expired on 2026-11-22"),
    (
        "chain-signature-unchecked",
        "chain[0]",
        "whether it issued the one before it cannot be checked: the kind of key or hash is unknown",
    ),
    ("issuer-not-a-ca", "chain[0]", "it is not a CA's certificate: its basic constraints do not say so"),
    ("path-length-exceeded", "chain[1]", "it permits 0 CAs below it, and there are 1"),
    ("name-not-permitted", "leaf", "the name constraints of chain[0] do not permit its name shop.example.com"),
    ("critical-extension-unknown", "leaf", "its extension 1.2.3.4 is critical, and clients do not know it"),
    ("key-family-differs-from-issuer", "leaf", "its key is RSA, its issuer's is EC"),
    ("no-domain-name", "leaf", "none of its names is a domain name"),
    (
        "no-subject-alternative-name",
        "leaf",
        "it has no subject alternative name, and clients do not look at the common name",
    ),
    ("weak-key", "leaf", "its key is RSA_1024, which clients refuse"),
    ("weak-signature", "leaf", "it is signed with ecdsa-with-SHA1, which clients refuse"),
    ("body-too-large", "leaf", "it has 32,769 bytes, more than 32,768"),
    ("key-too-large", "key", "it has 8,193 bytes, more than 8,192"),
    ("key-over-documented-size", "key", "it has 5,121 bytes, more than the user guide's 5,120"),
    ("chain-too-large", "chain", "it has 2,097,153 bytes, more than 2,097,152"),
    ("body-not-one-certificate", "leaf", "it must hold one certificate in PEM, and holds 2: CERTIFICATE"),
    ("chain-empty", "chain", "it is empty"),
    ("chain-not-certificates", "chain", "it must hold certificates in PEM, and holds 2: CERTIFICATE, PUBLIC KEY"),
    ("key-encrypted", "key", "it is encrypted"),
    ("key-not-one-key", "key", "it must hold one private key in PEM, and holds 2: PRIVATE KEY"),
    ("trailing-blanks", "leaf", "a line ends in a blank"),
    ("pem-edited", "chain", "a line inside a block is empty"),
    ("chain-reordered", "chain", "its certificates stood in another order"),
    ("chain-completed", "chain[0]", "Example Intermediate 0 was missing, and is from ca.pem"),
    ("chain-not-completed", "chain", "it could not be completed: http://ca.example/ answers with status 404"),
    ("leaf-copy-removed", "bundle", "shop.example.com: the leaf stands there twice"),
    ("duplicate-removed", "bundle", "Example Intermediate 0: it stands there twice"),
    ("root-removed", "bundle", "Example Root: the self-signed root at the end of the chain is left out"),
    ("unrelated-removed", "bundle", "RSA Root: it is not on the path from the leaf"),
    ("alternative-removed", "bundle", "Example Intermediate 0: it is on another path than the one taken"),
    ("expired-removed", "bundle", "Example Intermediate 0: it has expired, and another stands in its place"),
    ("unreadable-removed", "bundle", "sha256 0b0dae8c5221cd1b…: it cannot be parsed and is left out"),
    ("host-not-covered", "leaf", "it does not cover www.example.com: it is for DNS:shop.example.com"),
    ("validity-over-public-limit", "leaf", "it is valid for 201 days, and one issued on 2026-11-01 may be for 200"),
    ("extended-key-usage-not-for-servers", "leaf", "it lacks the extended key usage serverAuth"),
    ("key-usage-not-for-servers", "leaf", "its key usage lacks digitalSignature"),
    ("key-encipherment-on-ec", "leaf", "its key usage has keyEncipherment, and its key is on an elliptic curve"),
    ("client-auth", "leaf", "it is for clients too (clientAuth), which its next renewal will not be"),
    ("dns-name-malformed", "leaf", "my_shop.example.com is no name that a public certificate may have"),
    ("internal-name", "leaf", "shop.internal is an internal name"),
    ("common-name-not-in-san", "leaf", "its common name old.example.com is none of its subject alternative names"),
    ("san-criticality", "leaf", "its subject is not empty, and its alternative names are critical"),
    ("ca-as-leaf", "leaf", "its basic constraints say that it is a CA's"),
    ("root-in-public-chain", "chain[1]", "it is a root"),
    (
        "intermediate-expires-soon",
        "chain[0]",
        "it expires on 2027-01-29, before the certificate, which is valid until 2027-01-29",
    ),
)


@pytest.mark.parametrize(("rule", "part", "message"), SAID)
def test_a_rule_says_where_and_what(rule: str, part: str, message: str) -> None:
    assert [(each.rule, each.part, each.message) for each in judge(BREACHES[rule])] == [(rule, part, message)]


def test_the_words_of_every_rule_are_held() -> None:
    assert [rule for rule, _, _ in SAID] == list(BREACHES)
