"""ASN.1 in BER and DER, as X.690 has it and as hostile files have it."""

import pytest

from certkit import limits
from certkit.formats import der


def _value(hexadecimal: str) -> der.Value:
    return der.read_all(bytes.fromhex(hexadecimal))


@pytest.mark.parametrize(
    "encoded",
    [
        "0403616263",
        "048103616263",  # a longer length than needed, which BER allows
        "048400000003616263",
    ],
)
def test_the_length_may_be_written_longer_than_needed(encoded: str) -> None:
    assert _value(encoded).octets() == b"abc"


def test_an_octet_string_in_pieces_is_joined() -> None:
    assert _value("2480 0402 6162 2480 0401 63 0000 0000").octets() == b"abc"


def test_an_indefinite_length_ends_at_its_end_of_contents() -> None:
    outer = _value("3080 020101 3080 020102 0000 020103 0000")

    first, second, third = outer.parts()

    assert (first.integer(), second.parts()[0].integer(), third.integer()) == (1, 2, 3)


def test_what_follows_a_value_is_left_alone() -> None:
    assert der.read(b"\x02\x01\x05junk").encoded == b"\x02\x01\x05"


@pytest.mark.parametrize(("encoded", "number"), [("020100", 0), ("02017f", 127), ("0201ff", -1), ("02020080", 128)])
def test_an_integer_is_read_with_its_sign(encoded: str, number: int) -> None:
    assert _value(encoded).integer() == number


@pytest.mark.parametrize(
    ("encoded", "dotted"),
    [
        ("06092a864886f70d010701", "1.2.840.113549.1.7.1"),
        ("06032b6570", "1.3.101.112"),
        ("0603883703", "2.999.3"),
        ("060100", "0.0"),
    ],
)
def test_an_object_identifier_is_read_in_dotted_form(encoded: str, dotted: str) -> None:
    assert _value(encoded).oid() == dotted


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        ("0600", "does not end"),
        ("06022a86", "does not end"),
        ("06022a80", "does not end"),
        ("0641" + "01" * 65, "more than 64 bytes"),
        ("020101", "expected tag 0x06"),
    ],
)
def test_an_object_identifier_that_is_none_is_malformed(encoded: str, message: str) -> None:
    with pytest.raises(der.MalformedError, match=message):
        _value(encoded).oid()


@pytest.mark.parametrize("encoded", ["0200", "0211" + "01" * 17, "040101"])
def test_an_integer_that_is_no_count_is_malformed(encoded: str) -> None:
    with pytest.raises(der.MalformedError):
        _value(encoded).integer()


@pytest.mark.parametrize(
    ("encoded", "there_are"),
    [
        ("", 0),
        ("30", 1),
        ("3005020101", 5),
        ("30840000", 4),
        ("3084ffffffff00", 7),
        ("30ff" + "ff" * 40, 42),
        ("3080020101", 5),
        ("308002010100", 6),
    ],
)
def test_a_value_that_is_cut_off_says_where(encoded: str, there_are: int) -> None:
    with pytest.raises(der.MalformedError) as caught:
        _value(encoded)

    assert caught.value.truncated_at == there_are


@pytest.mark.parametrize("encoded", ["1f8101 00", "0480 0000", "020101 00"])
def test_what_is_no_value_is_malformed(encoded: str) -> None:
    with pytest.raises(der.MalformedError) as caught:
        _value(encoded)

    assert caught.value.truncated_at is None


def test_a_part_that_is_longer_than_the_whole_is_malformed() -> None:
    with pytest.raises(der.MalformedError):
        _value("3003 020201").parts()


def test_a_primitive_value_has_no_parts() -> None:
    with pytest.raises(der.MalformedError, match="no parts"):
        tuple(_value("020101"))


def _nested(depth: int) -> bytes:
    return b"\x30\x80" * depth + b"\x00\x00" * depth


def _nested_strings(depth: int) -> bytes:
    encoded = b"\x04\x01a"
    for _ in range(depth):
        encoded = der.encode(0x24, encoded)
    return encoded


def test_indefinite_lengths_are_followed_to_the_limit() -> None:
    assert der.read_all(_nested(limits.MAX_NESTING)).end == 4 * limits.MAX_NESTING


def test_indefinite_lengths_nested_without_end_are_malformed() -> None:
    with pytest.raises(der.MalformedError, match="nested deeper"):
        der.read_all(_nested(100_000))


def test_strings_nested_without_end_are_malformed() -> None:
    with pytest.raises(der.MalformedError, match="nested deeper"):
        der.read_all(_nested_strings(1_000)).octets()


def test_values_nested_without_end_are_not_re_encoded() -> None:
    encoded = b""
    for _ in range(1_000):
        encoded = der.encode(der.SEQUENCE, encoded)

    with pytest.raises(der.MalformedError, match="nested deeper"):
        der.to_definite(der.read_all(encoded))


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_536])
def test_what_is_encoded_reads_back(size: int) -> None:
    encoded = der.encode(der.OCTET_STRING, b"x" * size)

    assert der.read_all(encoded).octets() == b"x" * size


def test_ber_is_re_encoded_as_der() -> None:
    ber = _value("3080 2480 0401 61 0401 62 0000 a080 0201 01 0000 8401 7f 0000")

    assert der.to_definite(ber).hex() == "300c" + "04026162" + "a003020101" + "84017f"


@pytest.mark.parametrize("depth", [1, 20])
def test_a_flood_of_values_in_one_of_indefinite_length_is_refused_at_once(depth: int) -> None:
    flood = b"\x30\x80" * depth + b"\x05\x00" * (limits.MAX_VALUES + 1) + b"\x00\x00" * depth

    with pytest.raises(der.MalformedError, match="more than"):
        der.read(flood)


def test_a_flood_of_values_in_one_of_definite_length_is_refused() -> None:
    flood = der.read(der.encode(der.SEQUENCE, b"\x05\x00" * (limits.MAX_VALUES + 1)))

    with pytest.raises(der.MalformedError, match="more than"):
        flood.parts()
