"""RC2 and RC4, to decrypt what Windows and older tools still write.

Own code because OpenSSL 3 keeps both in a provider that many systems do not ship, and its RC2 takes no key of 40 bits, the
default of PKCS#12 for decades. For decryption only.
"""

from typing import Final

# RFC 2268 section 2: digits of pi.
_PI_TABLE: Final = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)

_BLOCK_BYTES: Final = 8


def decrypt_rc2_cbc(key: bytes, effective_bits: int, initialisation_vector: bytes, ciphertext: bytes) -> bytes:
    """Decrypts RC2 in CBC mode (RFC 2268), padding left in place.

    Raises:
        ValueError: the ciphertext or the vector is not made of whole blocks.
    """
    if len(ciphertext) % _BLOCK_BYTES or len(initialisation_vector) != _BLOCK_BYTES:
        raise ValueError("not whole blocks")
    words = _expand(key, effective_bits)
    previous = int.from_bytes(initialisation_vector, "big")
    plain = bytearray()
    for start in range(0, len(ciphertext), _BLOCK_BYTES):
        block = ciphertext[start : start + _BLOCK_BYTES]
        plain += (int.from_bytes(_decrypt_block(words, block), "big") ^ previous).to_bytes(_BLOCK_BYTES, "big")
        previous = int.from_bytes(block, "big")
    return bytes(plain)


def decrypt_rc4(key: bytes, ciphertext: bytes) -> bytes:
    """Decrypts RC4, as PKCS#12 uses it (RFC 7292 appendix C)."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    i = j = 0
    plain = bytearray()
    for octet in ciphertext:
        i = (i + 1) & 0xFF
        j = (j + state[i]) & 0xFF
        state[i], state[j] = state[j], state[i]
        plain.append(octet ^ state[(state[i] + state[j]) & 0xFF])
    return bytes(plain)


def _expand(key: bytes, effective_bits: int) -> tuple[int, ...]:
    """Returns the 64 words of the expanded key (RFC 2268 section 2)."""
    buffer = bytearray(key)
    while len(buffer) < 128:  # noqa: PLR2004 -- RFC 2268: L has 128 bytes
        buffer.append(_PI_TABLE[(buffer[-1] + buffer[-len(key)]) & 0xFF])
    effective_bytes = (effective_bits + 7) // 8
    mask = 0xFF >> (8 * effective_bytes - effective_bits)
    buffer[128 - effective_bytes] = _PI_TABLE[buffer[128 - effective_bytes] & mask]
    for i in range(127 - effective_bytes, -1, -1):
        buffer[i] = _PI_TABLE[buffer[i + 1] ^ buffer[i + effective_bytes]]
    return tuple(int.from_bytes(buffer[i : i + 2], "little") for i in range(0, 128, 2))


def _decrypt_block(words: tuple[int, ...], block: bytes) -> bytes:
    """Decrypts one block: 16 rounds of r-mixing, two of them followed by r-mashing (RFC 2268 section 4)."""
    a, b, c, d = (int.from_bytes(block[i : i + 2], "little") for i in (0, 2, 4, 6))
    for index in range(60, -4, -4):
        k0, k1, k2, k3 = words[index : index + 4]
        d = ((d >> 5 | d << 11) - (c & b) - (~c & a) - k3) & 0xFFFF
        c = ((c >> 3 | c << 13) - (b & a) - (~b & d) - k2) & 0xFFFF
        b = ((b >> 2 | b << 14) - (a & d) - (~a & c) - k1) & 0xFFFF
        a = ((a >> 1 | a << 15) - (d & c) - (~d & b) - k0) & 0xFFFF
        if index in {44, 20}:
            d = (d - words[c & 63]) & 0xFFFF
            c = (c - words[b & 63]) & 0xFFFF
            b = (b - words[a & 63]) & 0xFFFF
            a = (a - words[d & 63]) & 0xFFFF
    return b"".join(word.to_bytes(2, "little") for word in (a, b, c, d))
