"""Whose rules a certificate is under, as its chain tells."""

import warnings
from pathlib import Path
from typing import Final

from cryptography import x509

from certkit import trust
from certkit.trust import Profile, Roots, is_under, profile_of
from tests.issuing import Request, ca_request, make_chain, make_root, self_signed

FIXTURES: Final = Path(__file__).parents[1] / "fixtures" / "public"
CHAIN: Final = make_chain()
ISSUING: Final = CHAIN.issuers[0].certificate
ROOT: Final = CHAIN.issuers[1].certificate


PUBLIC: Final = x509.load_pem_x509_certificate((FIXTURES / "lets-encrypt-e8.pem").read_bytes())


def test_a_chain_under_a_root_that_the_public_trusts_is_public() -> None:
    assert profile_of(CHAIN.certificate, (PUBLIC,)) is Profile.PUBLIC


def test_a_chain_under_a_root_of_ones_own_is_private() -> None:
    assert profile_of(CHAIN.certificate, (ISSUING,)) is Profile.PRIVATE
    assert profile_of(CHAIN.certificate, (ISSUING, ROOT)) is Profile.PRIVATE


def test_what_shows_nothing_of_where_it_leads_is_private() -> None:
    assert [profile_of(None, ()), profile_of(CHAIN.certificate, ())] == [Profile.PRIVATE, Profile.PRIVATE]


def test_a_root_that_is_there_itself_counts() -> None:
    assert is_under(ROOT, Roots([ROOT]))


def test_what_a_root_has_issued_counts() -> None:
    assert is_under(ISSUING, Roots([ROOT]))


def test_a_cross_sign_of_a_root_counts() -> None:
    elder = make_root("Elder Root", key=("EC_prime256v1", 40))
    cross = elder.issue(ca_request("Example Root", key=("EC_prime256v1", 10)))

    assert is_under(cross.certificate, Roots([ROOT]))


def test_a_name_alone_does_not_count() -> None:
    twin = self_signed(ca_request("Example Root", key=("EC_prime256v1", 41)))
    issued = twin.issue(Request())

    assert not is_under(twin.certificate, Roots([ROOT]))
    assert not is_under(issued.certificate, Roots([ROOT]))


def test_a_certificate_without_a_name_is_under_no_root() -> None:
    nameless = self_signed(Request(common_name=None, sans=("shop.example.com",)))

    assert not is_under(nameless.certificate, Roots([ROOT]))


def test_the_public_roots_are_read_without_a_word_about_their_serials() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        roots = trust.public_roots.__wrapped__()

    assert is_under(PUBLIC, roots)
