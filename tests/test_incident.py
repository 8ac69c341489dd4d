"""Which certificates are the revoked, leaked or distrusted ones."""

import pytest

from certkit import certificate as x
from certkit.errors import UsageError
from certkit.incident import Wanted, completed, fits_listing, wanted
from tests.issuing import Request, make_chain
from tests.listing import listed, summary

HASH = "ab" * 32


@pytest.mark.parametrize("serial", ["0a:1b", "0A:1B", "0a1b", "A1B", "0x0A1B", "00 0a 1b"])
def test_a_serial_number_is_the_same_however_it_is_written(serial: str) -> None:
    looked_for = wanted(serial, None, None, None)

    assert looked_for == Wanted(serial="a1b")
    assert fits_listing(summary(serial="0a:1b"), looked_for) is True
    assert fits_listing(summary(serial="0a:1c"), looked_for) is False


def test_the_serial_number_nought_is_one_too() -> None:
    looked_for = wanted("00", None, None, None)

    assert looked_for is not None
    assert fits_listing(summary(serial="00"), looked_for) is True


@pytest.mark.parametrize(
    "issuer",
    ["Example CA", "example  ca", "CN=Example CA,O=Example,C=DE", "cn=example ca, o=example, c=de"],
)
def test_an_issuer_is_called_by_its_common_name_or_by_all_of_its_name(issuer: str) -> None:
    looked_for = Wanted(issuer=issuer)

    assert fits_listing(summary(), looked_for) is True


@pytest.mark.parametrize("issuer", ["Example", "O=Example,CN=Example CA,C=DE", "Example CA 2", ""])
def test_part_of_a_name_is_another_name(issuer: str) -> None:
    assert fits_listing(summary(), Wanted(issuer=issuer)) is False


def test_an_issuer_whose_name_python_does_not_read_is_compared_as_text() -> None:
    odd = summary(issuer="CN=Odd,C=Germany")

    assert fits_listing(odd, Wanted(issuer="cn=odd,c=germany")) is True
    assert fits_listing(odd, Wanted(issuer="odd")) is False


def test_what_a_listing_does_not_say_is_to_be_looked_at() -> None:
    bare = summary(serial=None, issuer=None)

    assert [fits_listing(bare, one) for one in (Wanted(serial="a1b"), Wanted(issuer="x"), Wanted(sha256=HASH))] == [
        None
    ] * 3
    assert fits_listing(summary(), Wanted(serial="a1b", spki_sha256=HASH)) is None
    assert fits_listing(summary(), Wanted(serial="a1c", spki_sha256=HASH)) is False


def test_a_row_is_completed_from_its_certificate() -> None:
    issued = make_chain(leaf=Request(serial=0x0A1B))
    leaf = issued.certificate

    row = completed(listed(serial=None, issuer=None), leaf).summary

    assert (row.serial, row.sha256, row.issuer) == ("0a:1b", issued.sha256, leaf.issuer.rfc4514_string())
    assert fits_listing(row, Wanted(spki_sha256=x.spki_fingerprint(leaf.public_key()))) is True
    assert fits_listing(row, Wanted(sha256=HASH)) is False


def test_a_fingerprint_may_have_colons() -> None:
    assert wanted(None, ":".join(["AB"] * 32), None, None) == Wanted(spki_sha256=HASH)
    assert wanted(None, None, HASH, None) == Wanted(sha256=HASH)


def test_nothing_is_looked_for_where_nothing_is_named() -> None:
    assert wanted(None, None, None, None) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("shop", None, None), "--serial: 'shop' is not hexadecimal"),
        (("", None, None), "--serial: '' is not hexadecimal"),
        ((None, "abcd", None), "--spki-sha256: 'abcd' has 4 digits, a SHA-256 has 64"),
        ((None, None, "-" * 64), f"--sha256: '{'-' * 64}' is not hexadecimal"),
    ],
)
def test_what_is_no_number_is_a_usage_error(given: tuple[str | None, str | None, str | None], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        wanted(*given, None)

    assert caught.value.message == message
