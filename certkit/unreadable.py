"""Certificates that cannot be parsed, as the cause of what looks like another fault."""

import hashlib

from certkit import certificate as x
from certkit.certificate.flaws import flaw
from certkit.contents import Contents
from certkit.errors import CertkitError, InputUnreadableError, KeyMismatchError, NoLeafError
from certkit.formats import x509_der


def cause(error: NoLeafError | KeyMismatchError, contents: Contents) -> CertkitError:
    """Returns what to report in the place of `error`, where a certificate of `contents` cannot be parsed."""
    flaws = {entry.der: found for entry in contents.certificates if (found := flaw(entry.der)) is not None}
    public_keys = {der: _public_key_info(der) for der in flaws}
    wanted = {x.spki(entry.private_key.public_key()) for entry in contents.keys}
    own = next((found for der, found in flaws.items() if public_keys[der] in wanted), None)
    if own is not None:
        return _refused(f"the certificate for the private key cannot be parsed: {own}")
    if isinstance(error, NoLeafError):
        return _unparsed(list(flaws.values()))
    unknown = [der for der in flaws if public_keys[der] is None]
    return _with_suspects(error, unknown, flaws) if unknown else error


def _unparsed(flaws: list[str]) -> InputUnreadableError:
    if len(flaws) == 1:
        return _refused(f"the certificate cannot be parsed: {flaws[0]}")
    return _refused(f"none of the {len(flaws)} certificates can be parsed; the first: {flaws[0]}")


def _refused(message: str) -> InputUnreadableError:
    return InputUnreadableError(message, hint="ask the CA for a new one, as strict DER, of X.509 version 3")


def _with_suspects(error: KeyMismatchError, suspects: list[bytes], flaws: dict[bytes, str]) -> KeyMismatchError:
    first = suspects[0]
    fingerprint = hashlib.sha256(first).hexdigest()
    which = f"{len(suspects)} certificates" if len(suspects) > 1 else f"a certificate (sha256 {fingerprint[:16]}…)"
    hint = f"{which} could not be parsed, and may be for it: {flaws[first]}"
    return KeyMismatchError(error.message, hint=hint, part=error.part)


def _public_key_info(certificate: bytes) -> bytes | None:
    try:
        return x509_der.public_key_info(certificate).encoded
    except ValueError:  # a MalformedError, or too few parts
        return None
