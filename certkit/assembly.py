"""`Contents` to `Bundle`: chooses the leaf, finds its chain, and accounts for every certificate left out."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from cryptography import x509

from certkit import certificate as x
from certkit import leaf as leaves
from certkit.bundle import Addition, Bundle, Dropped, Parts, Reason
from certkit.chain import Path, find_path, is_under
from certkit.contents import Contents
from certkit.errors import KeyMismatchError, NoKeyError, NoLeafError
from certkit.formats.keys import KeyFormat, encode, has_traditional_form

_NO_CHOICE: Final = leaves.Choice()
_NAME_THE_KEY: Final = "name it with --key FILE"
_IN_ORDER: Final = frozenset({"pem", "endpoint"})
"""The formats in which certificates stand in an order that means something."""


class Wishes(NamedTuple):
    """How the user wants a bundle to be put in order.

    Attributes:
        choice: which leaf, where there are several.
        needs_key: whether a bundle without a key is of no use.
        include_root: whether a self-signed root stays at the end of the chain.
        roots: certificates that may complete the chain without standing in it (`--roots`).
        additions: certificates that may stand in the chain where the input lacks them.
        root_name: the root under which a path is preferred, by its common name or its whole name.
    """

    choice: leaves.Choice = _NO_CHOICE
    needs_key: bool = False
    include_root: bool = False
    roots: tuple[x509.Certificate, ...] = ()
    additions: tuple[Addition, ...] = ()
    root_name: str | None = None


def assemble(contents: Contents, now: dt.datetime, wishes: Wishes | None = None) -> Bundle:
    """Puts what a reader found in order.

    Raises:
        NoLeafError: there is no certificate.
        InputUnreadableError: the one for the key, or each of them, cannot be parsed.
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
    leaf = _leaf(readable, contents, now, wanted.choice, is_all=not unreadable)
    found = [named.certificate for named in readable]
    path, is_complete = _find_path(leaf.certificate, found, wanted, now)
    chain, root = _without_root(leaf.certificate, path, keep=wanted.include_root)
    completed = _completed(found, path, wanted)
    return Bundle(
        leaf=leaf.certificate,
        chain=chain,
        root=root if root in found or root in chain else None,
        private_key=leaf.private_key,
        is_complete=is_complete,
        was_reordered=contents.format in _IN_ORDER and _is_reordered(found, (leaf.certificate, *path.certificates)),
        dropped=(*_account(found, leaf.certificate, chain, path, now), *unreadable),
        notes=(
            *contents.notes,
            *_notes_on_key(leaf),
            *_notes_on_path(leaf.certificate, path, chain, completed, wanted),
        ),
        completed=tuple(addition for addition in completed if addition.certificate in chain),
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
            unreadable.append(_unreadable(entry.der))
    return readable, unreadable


def _leaf(
    readable: Sequence[leaves.Named], contents: Contents, now: dt.datetime, choice: leaves.Choice, *, is_all: bool
) -> leaves.Leaf:
    """Chooses the leaf; where there is none, and not all certificates could be parsed, that is why."""
    try:
        return leaves.choose(_eligible(readable, contents), contents.keys, now, choice)
    except (NoLeafError, KeyMismatchError) as error:
        if is_all:
            raise
        from certkit.unreadable import cause  # noqa: PLC0415 -- almost every certificate can be parsed

        raise cause(error, contents) from error


def _eligible(readable: Sequence[leaves.Named], contents: Contents) -> Sequence[leaves.Named]:
    """Returns what may be the leaf: of what a server sent its own, which comes first (RFC 8446 section 4.4.2)."""
    if contents.format != "endpoint":
        return readable
    first = contents.certificates[0].der
    return [named for named in readable if x.to_der(named.certificate) == first][:1] or readable


def _unreadable(der: bytes) -> Dropped:
    from certkit.certificate.flaws import flaw  # noqa: PLC0415 -- almost every certificate can be parsed

    return Dropped(hashlib.sha256(der).hexdigest(), Reason.UNREADABLE, flaw=flaw(der) or "")


def _find_path(
    leaf: x509.Certificate, found: Sequence[x509.Certificate], wanted: Wishes, now: dt.datetime
) -> tuple[Path, bool]:
    """Returns the path, and whether it leads to a self-signed certificate, be that in it or beside the bundle."""
    if not wanted.roots and not wanted.additions:
        path = find_path(leaf, found, now, wanted.root_name)
        return path, path.has_root
    from certkit.reach import find_path_with  # noqa: PLC0415 -- most bundles stand alone

    beside = [addition.certificate for addition in wanted.additions]
    return find_path_with(leaf, found, beside, wanted.roots, now, wanted.root_name)


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


def _is_reordered(found: Iterable[x509.Certificate], path: tuple[x509.Certificate, ...]) -> bool:
    if tuple(found) == path:  # as most are
        return False
    there = dict.fromkeys(found)
    in_path = [certificate for certificate in there if certificate in path]
    return in_path != [certificate for certificate in path if certificate in there]


def _completed(found: Sequence[x509.Certificate], path: Path, wanted: Wishes) -> tuple[Addition, ...]:
    """Returns what of the additions the path goes through, leaf's side first; of two of one certificate the first."""
    origins = {addition.certificate: addition for addition in reversed(wanted.additions)}
    return tuple(origins[one] for one in path.certificates if one in origins and one not in found)


def _account(
    found: Sequence[x509.Certificate],
    leaf: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    path: Path,
    now: dt.datetime,
) -> Iterator[Dropped]:
    """Yields every certificate that is neither leaf nor in the chain, in the input's order, with its reason."""
    if (leaf, *chain) == tuple(found):  # as in most bundles
        return
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


def _notes_on_path(
    leaf: x509.Certificate,
    path: Path,
    chain: tuple[x509.Certificate, ...],
    completed: tuple[Addition, ...],
    wanted: Wishes,
) -> Iterator[str]:
    for certificate, origin in completed:
        where = "" if certificate in chain else "; it is the root, and left out of the chain"
        yield f"completed: {x.title(certificate)}, from {origin}{where}"
    if wanted.root_name is not None and not is_under(wanted.root_name, leaf, path):
        yield f"prefer-root: no path leads to a root called {wanted.root_name}, so the usual preference counts"
