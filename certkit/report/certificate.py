"""A certificate as it stands in every output: CERT in JSON, a line in text."""

import datetime as dt

from cryptography import x509

from certkit import certificate as x


def time_text(moment: dt.datetime) -> str:
    """Returns a time as RFC 3339 in UTC, to the second: `2026-11-22T13:00:00Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def date_text(moment: dt.datetime) -> str:
    """Returns the day of a time, in UTC: `2026-11-22`."""
    return time_text(moment)[:10]


def name_text(name: x509.Name | None) -> str:
    """Returns a distinguished name as RFC 4514 has it, empty where it cannot be parsed."""
    return name.rfc4514_string() if name is not None else ""


def document(certificate: x509.Certificate) -> dict[str, object]:
    """Returns CERT, the JSON form of a certificate."""
    key = x.public_key(certificate)
    return {
        "subject": name_text(x.subject(certificate)),
        "issuer": name_text(x.issuer(certificate)),
        "serial": x.serial_text(x.serial_number(certificate)),
        "sha256": x.fingerprint(certificate),
        "spki_sha256": x.spki_fingerprint(key) if key else None,
        "not_before": time_text(certificate.not_valid_before_utc),
        "not_after": time_text(certificate.not_valid_after_utc),
        "sans": list(x.sans(certificate)),
        "key_algorithm": x.subject_key_algorithm(certificate),
        "signature_algorithm": x.signature_algorithm(certificate),
        "is_ca": x.is_ca(certificate),
        "self_signed": x.is_self_signed(certificate),
    }
