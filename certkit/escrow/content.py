"""What a deposit holds: one line of JSON that says what it is, then key, leaf and chain as PEM.

`openssl` and certkit read the PEM as it is: a bundle can be had from escrow without `certkit rollback`.
"""

import json
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.assembly import encode_parts
from certkit.bundle import Bundle
from certkit.contents import Contents
from certkit.errors import CertkitError, EscrowUnreadableError
from certkit.escrow.deposit import Deposit
from certkit.formats import pem
from certkit.formats.keys import KeyFormat
from certkit.password import Passwords

_SCHEMA: Final = "certkit.escrow/1"


def encode(deposit: Deposit, arn: str, bundle: Bundle) -> bytes:
    """Returns the content of a deposit, with the private key in the clear.

    Raises:
        NoKeyError: the bundle has none.
    """
    parts = encode_parts(bundle, KeyFormat.PKCS8)
    site = deposit.site
    facts = {
        "schema": _SCHEMA,
        "name": site.name,
        "account": site.account,
        "region": site.region,
        "arn": arn,
        "at": deposit.at.isoformat(),
        "sha256": deposit.sha256,
    }
    return json.dumps(facts).encode() + b"\n" + parts.key + parts.body + parts.chain


def decode(deposit: Deposit, content: bytes) -> Bundle:
    """Returns the bundle in a deposit, once it is certain that it is the one that its name promises.

    Raises:
        EscrowUnreadableError: it is damaged, or another one.
    """
    # 1. The first line MUST say that it is of this site: a file may have been moved.
    head, _, rest = content.partition(b"\n")
    _check_facts(deposit, head)
    # 2. The leaf MUST be the one of the name, and the chain too: no seal of its own keeps them together.
    bundle = _bundle(deposit, rest)
    if not deposit.holds(bundle):
        raise _damaged(deposit, "it does not hold the certificates that its name promises")
    # 3. The key MUST be the leaf's, which also shows that nothing in it was changed.
    public = x.public_key(bundle.leaf)
    if bundle.private_key is None or public is None or x.spki(bundle.private_key.public_key()) != x.spki(public):
        raise _damaged(deposit, "its private key is not the certificate's")
    return bundle


def _check_facts(deposit: Deposit, head: bytes) -> None:
    try:
        facts = json.loads(head)
        found = (facts["schema"], facts["name"], facts["account"], facts["region"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(deposit, "it is no deposit of certkit's") from error
    if found != (_SCHEMA, deposit.site.name, deposit.site.account, deposit.site.region):
        raise _damaged(deposit, "it belongs to another certificate, or was written by a later certkit")


def _bundle(deposit: Deposit, text: bytes) -> Bundle:
    try:
        contents = pem.read(text, Passwords())
    except CertkitError as error:
        raise _damaged(deposit, error.message) from error
    leaf, *chain = _certificates(deposit, contents)
    return Bundle(
        leaf=leaf,
        chain=tuple(chain),
        root=next((one for one in chain if x.is_self_signed(one)), None),
        private_key=contents.keys[0].private_key if len(contents.keys) == 1 else None,
        is_complete=x.is_self_signed((leaf, *chain)[-1]),
        was_reordered=False,
        dropped=(),
        notes=(),
    )


def _certificates(deposit: Deposit, contents: Contents) -> list[x509.Certificate]:
    found = [x.load(entry.der) for entry in contents.certificates]
    readable = [one for one in found if one is not None]
    if not readable or len(readable) < len(found):
        raise _damaged(deposit, "a certificate in it cannot be parsed")
    return readable


def _damaged(deposit: Deposit, reason: str) -> EscrowUnreadableError:
    return EscrowUnreadableError(
        f"{deposit.path}: {reason}", hint="certkit rollback NAME --list shows the others; --to SHA256 takes one"
    )
