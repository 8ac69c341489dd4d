"""`Contents` to `Bundle`: chooses the leaf, finds its chain, and accounts for every certificate left out."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from cryptography import x509

from certkit import certificate as x
from certkit import leaf as leaves
from certkit.bundle import Bundle, Dropped, Parts, Reason
from certkit.chain import Path, find_path, find_path_unchecked
from certkit.contents import Contents
from certkit.errors import KeyMismatchError, NoKeyError, NoLeafError
from certkit.formats.keys import KeyFormat, encode, has_traditional_form

_NO_CHOICE: Final = leaves.Choice()
_NAME_THE_KEY: Final = "name it with --key FILE"


class Wishes(NamedTuple):
    """How the user wants a bundle to be put in order.

    Attributes:
        choice: which leaf, where there are several.
        needs_key: whether a bundle without a key is of no use.
        include_root: whether a self-signed root stays at the end of the chain.
        roots: certificates that may complete the chain without standing in it (`--roots`).
    """

    choice: leaves.Choice = _NO_CHOICE
    needs_key: bool = False
    include_root: bool = False
    roots: tuple[x509.Certificate, ...] = ()


def assemble(contents: Contents, now: dt.datetime, wishes: Wishes | None = None) -> Bundle:
    """Puts what a reader found in order.

    Raises:
        NoLeafError: there is no certificate that can be parsed.
        NoKeyError: there is no key, and the wishes say that one is needed.
        KeyMismatchError: no certificate is for the key.
        SeveralLeavesError: more than one certificate could be the leaf.
        ChainBrokenError: a signature in the chain does not verify.
        InputTooLargeError: there are too many certificates of one name.
        UsageError: `--alias` or `--name-match` fits nothing.
    """
    wanted = wishes or Wishes()
    readable, unreadable = _parse(contents)
    if wanted.needs_key and readable and not contents.keys:
        raise NoKeyError("there is no private key", hint=_NAME_THE_KEY, part="key")
    try:
        leaf = leaves.choose(readable, contents.keys, now, wanted.choice)
    except (NoLeafError, KeyMismatchError) as error:
        raise _with_unreadable(error, unreadable) from error
    found = [named.certificate for named in readable]
    path, is_complete = _find_path(leaf.certificate, found, wanted.roots, now)
    chain, root = _without_root(leaf.certificate, path, keep=wanted.include_root)
    return Bundle(
        leaf=leaf.certificate,
        chain=chain,
        root=root,
        private_key=leaf.private_key,
        is_complete=is_complete,
        was_reordered=contents.format == "pem" and _is_reordered(found, (leaf.certificate, *path.certificates)),
        dropped=(*_account(found, leaf.certificate, chain, path, now), *unreadable),
        notes=contents.notes + tuple(_notes_on_key(leaf)),
    )


def encode_parts(bundle: Bundle, key_format: KeyFormat) -> Parts:
    """Encodes a bundle as ACM takes it: canonical PEM, whatever the input looked like.

    Raises:
        NoKeyError: the bundle has no private key.
    """
    if bundle.private_key is None:
        raise NoKeyError("there is no private key", hint=_NAME_THE_KEY, part="key")
    return replace(encode_certificates(bundle), key=encode(bundle.private_key, key_format))


def encode_certificates(bundle: Bundle) -> Parts:
    """Encodes the certificates of a bundle as ACM takes them, without the key."""
    chain = b"".join(x.to_pem(certificate) for certificate in bundle.chain)
    return Parts(body=x.to_pem(bundle.leaf), key=b"", chain=chain)


def _parse(contents: Contents) -> tuple[list[leaves.Named], list[Dropped]]:
    readable, unreadable = [], []
    for entry in contents.certificates:
        certificate = x.load(entry.der)
        if certificate:
            readable.append(leaves.Named(certificate, entry.alias))
        else:
            unreadable.append(Dropped(hashlib.sha256(entry.der).hexdigest(), Reason.UNREADABLE))
    return readable, unreadable


def _with_unreadable(
    error: NoLeafError | KeyMismatchError, unreadable: Sequence[Dropped]
) -> NoLeafError | KeyMismatchError:
    """Returns `error` with the likelier cause as its hint, where a certificate could not be parsed."""
    if not unreadable:
        return error
    count = len(unreadable)
    what = "a certificate" if count == 1 else f"{count} certificates"
    hint = f"{what} could not be parsed, not being strict DER (sha256 {unreadable[0].sha256[:16]}…): ask the CA for a new one"
    return type(error)(error.message, hint=hint, part=error.part)


def _find_path(
    leaf: x509.Certificate, found: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], now: dt.datetime
) -> tuple[Path, bool]:
    """Returns the path through what was found, and whether it, or else `roots`, leads on to a self-signed certificate.

    A fork is decided in favour of one of `roots`, which then ends the path without standing in it.
    """
    path = find_path(leaf, found, now)
    if path.has_root or not roots:
        return path, path.has_root
    anchored = find_path_unchecked(leaf, (*found, *filter(x.is_self_signed, roots)), now)
    if anchored.has_root:
        return Path(anchored.certificates[:-1], has_root=False, reachable=anchored.reachable), True
    return path, find_path_unchecked(leaf, (*found, *roots), now).has_root


def _without_root(
    leaf: x509.Certificate, path: Path, *, keep: bool
) -> tuple[tuple[x509.Certificate, ...], x509.Certificate | None]:
    """Returns the chain to use and the root it ends in: kept where asked for, or where the chain would be empty."""
    if not path.has_root:
        return path.certificates, None
    if not path.certificates:
        return (), leaf
    if keep or len(path.certificates) == 1:
        return path.certificates, path.certificates[-1]
    return path.certificates[:-1], path.certificates[-1]


def _is_reordered(found: Iterable[x509.Certificate], path: Sequence[x509.Certificate]) -> bool:
    in_path = [certificate for certificate in dict.fromkeys(found) if certificate in path]
    return in_path != list(path)


def _account(
    found: Sequence[x509.Certificate],
    leaf: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    path: Path,
    now: dt.datetime,
) -> Iterator[Dropped]:
    """Yields every certificate that is neither leaf nor in the chain, in the input's order, with its reason."""
    key = x.public_key(leaf)
    seen: set[x509.Certificate] = set()
    for certificate in found:
        if certificate in seen:
            reason = Reason.LEAF_COPY if certificate == leaf else Reason.DUPLICATE
        elif certificate == leaf or certificate in chain:
            seen.add(certificate)
            continue
        elif certificate in path.certificates:
            reason = Reason.ROOT
        elif certificate in path.reachable or (key is not None and x.public_key(certificate) == key):
            reason = Reason.EXPIRED if certificate.not_valid_after_utc < now else Reason.ALTERNATIVE
        else:
            reason = Reason.UNRELATED
        seen.add(certificate)
        yield Dropped(x.fingerprint(certificate), reason, certificate)


def _notes_on_key(leaf: leaves.Leaf) -> Iterator[str]:
    if leaf.private_key is not None and not has_traditional_form(leaf.private_key):
        algorithm = x.key_algorithm(leaf.private_key)
        yield f"no-traditional-form: an {algorithm} key has no form but PKCS#8, and ACM does not take it"
