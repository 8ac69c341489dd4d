"""Which certificates are hit when one is revoked, leaks, or loses trust: by serial number, key, fingerprint or issuer."""

import re
from dataclasses import dataclass, replace
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.errors import UsageError
from certkit.inventory import Listed
from certkit.record import Summary

_HEX: Final = re.compile(r"(?:0x)?([0-9a-f]+)", re.IGNORECASE)
_SHA256_DIGITS: Final = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is None does not matter, the rest must all fit.

    Attributes:
        serial: lower-case hex without leading zeros.
        spki_sha256, sha256: of the public key and of the certificate, lower-case hex.
        issuer: its common name, or the whole of its name as RFC 4514 has it.
    """

    serial: str | None = None
    spki_sha256: str | None = None
    sha256: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A certificate that is wanted.

    Attributes:
        in_use_by: the ARNs of what uses it, as far as ACM knows.
    """

    listed: Listed
    in_use_by: tuple[str, ...] = ()


def wanted(serial: str | None, spki_sha256: str | None, sha256: str | None, issuer: str | None) -> Wanted | None:
    """Reads what is looked for; None where that is nothing.

    Raises:
        UsageError: a number is none, or a fingerprint is not 64 digits long.
    """
    found = Wanted(
        _digits(serial, "--serial").lstrip("0") or "0" if serial is not None else None,
        _fingerprint(spki_sha256, "--spki-sha256"),
        _fingerprint(sha256, "--sha256"),
        issuer,
    )
    return None if found == Wanted() else found


def fits_listing(summary: Summary, wanted: Wanted) -> bool | None:
    """Tells whether a row is what is wanted; None where the certificate itself has to be looked at."""
    answers = (
        _is(wanted.serial, summary.serial and _bare(summary.serial)),
        _is_called(wanted.issuer, summary.issuer),
        _is(wanted.spki_sha256, summary.spki_sha256),
        _is(wanted.sha256, summary.sha256),
    )
    if False in answers:
        return False
    return None if None in answers else True


def completed(listed: Listed, certificate: x509.Certificate) -> Listed:
    """Returns the row with everything that its certificate says."""
    issuer, key = x.issuer(certificate), x.public_key(certificate)
    return replace(
        listed,
        summary=replace(
            listed.summary,
            serial=x.serial_text(x.serial_number(certificate)),
            issuer=issuer.rfc4514_string() if issuer else None,
            spki_sha256=x.spki_fingerprint(key) if key else "",
            sha256=x.fingerprint(certificate),
        ),
    )


def _is(wanted: str | None, said: str | None) -> bool | None:
    if wanted is None:
        return True
    return None if said is None else said == wanted


def _is_called(wanted: str | None, issuer: str | None) -> bool | None:
    if wanted is None:
        return True
    if issuer is None:
        return None
    try:
        return x.is_called(x509.Name.from_rfc4514_string(issuer), wanted)
    except ValueError:  # a country of three letters, and the like
        return issuer.casefold() == wanted.casefold()


def _bare(serial: str) -> str:
    return serial.replace(":", "").lower().lstrip("0") or "0"


def _digits(text: str, option: str) -> str:
    match = _HEX.fullmatch(re.sub(r"[\s:]", "", text))
    if not match:
        raise UsageError(f"{option}: {text!r} is not hexadecimal", hint="write it as openssl does: 0A1B, or 0a:1b")
    return match[1].lower()


def _fingerprint(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    digits = _digits(text, option)
    if len(digits) != _SHA256_DIGITS:
        raise UsageError(f"{option}: {text!r} has {len(digits)} digits, a SHA-256 has {_SHA256_DIGITS}")
    return digits
