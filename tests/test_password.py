"""Passwords: their encodings, what may have stuck to them, and that they never show."""

import pytest

from certkit.password import ABSENT, EMPTY, Encoding, Password, Passwords, Slip


def test_a_password_never_shows_in_its_representation() -> None:
    shown = repr(Passwords(Password(b"hunter2"), Password(b"swordfish")))

    assert shown == "Passwords(container=Password(), key=Password())"


@pytest.mark.parametrize(
    ("value", "bmp"),
    [
        (b"Beavis", "004200650061007600690073" + "0000"),  # RFC 7292 appendix B.1's own example
        (b"", "0000"),
        (None, ""),
        ("✓".encode(), "27130000"),
        ("😀".encode(), "d83dde000000"),
        (b"\xe4", "00e40000"),
        (b"a\0b", "0061000000620000"),
    ],
)
def test_a_bmp_string_ends_in_zeros_unless_there_is_no_password(value: bytes | None, bmp: str) -> None:
    assert Password(value).bmp.hex() == bmp


@pytest.mark.parametrize(("value", "octets"), [(b"word", b"word"), (b"", b""), (None, b"")])
def test_octets_are_the_password_as_given(value: bytes | None, octets: bytes) -> None:
    assert Password(value).octets == octets


def test_writers_agree_on_a_password_of_ascii() -> None:
    assert Password(b"changeit").foreign_encodings() == ()


def test_writers_differ_on_a_password_beyond_ascii() -> None:
    encodings = Password("pä✓".encode()).foreign_encodings()

    assert encodings == (
        Encoding("node-forge's encoding", Password(b"p\xc3\x13")),
        Encoding("Java's encoding", Password(b"\0p\0d'\x13")),
        Encoding("Java's encoding", Password(b"pd\x13")),
    )


def test_node_forge_drops_the_high_byte_of_every_fourth_character() -> None:
    encodings = Password("✓✓✓✓✓".encode()).foreign_encodings()

    assert encodings[0].password == Password(bytes([0x13 ^ 0x27, 0x13 ^ 0x27, 0x13 ^ 0x27, 0x13, 0x13]))


def test_a_password_that_is_not_utf_8_may_have_been_meant_as_utf_8() -> None:
    encodings = Password(b"p\xe4").foreign_encodings()

    assert encodings[0] == Encoding("UTF-8", Password("pä".encode()))


@pytest.mark.parametrize(
    ("value", "slips"),
    [
        (b"word", []),
        (b"", []),
        (b"\n", []),
        (b"word\n", [Slip("ends in a line end", Password(b"word"))]),
        (b"word\r\n", [Slip("ends in a line end", Password(b"word"))]),
        (b"\xef\xbb\xbfword", [Slip("begins with a byte order mark", Password(b"word"))]),
        (b" word ", [Slip("has blanks around it", Password(b"word"))]),
        (
            b"\xef\xbb\xbfword\n",
            [
                Slip("ends in a line end", Password(b"\xef\xbb\xbfword")),
                Slip("begins with a byte order mark", Password(b"word\n")),
                Slip("begins with a byte order mark and ends in a line end", Password(b"word")),
            ],
        ),
    ],
)
def test_what_sticks_to_a_password_on_its_way_is_told_apart(value: bytes, slips: list[Slip]) -> None:
    assert list(Password(value).slips()) == slips


def test_no_password_and_the_empty_one_are_tried_where_none_is_given() -> None:
    passwords = Passwords()

    assert (passwords.is_given, list(passwords.for_container())) == (False, [EMPTY, ABSENT])


def test_a_given_password_is_tried_alone() -> None:
    passwords = Passwords(Password(b"word"))

    assert (passwords.is_given, list(passwords.for_container())) == (True, [Password(b"word")])


def test_a_key_is_tried_with_its_own_password_first_and_with_none_twice() -> None:
    passwords = Passwords(Password(b"word"), Password(b"own"))

    tried = list(passwords.for_key(opened_with=Password(b"word")))

    assert tried == [Password(b"own"), Password(b"word")]
