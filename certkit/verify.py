"""Does an endpoint serve this certificate, with its chain? What each of its addresses shows, judged.

A client has the roots and nothing else: few fetch an issuer that is not sent (AIA), and TLS 1.2 wants them in order (RFC 5246,
7.4.2; RFC 8446, 4.4.2 only asks clients to be lenient). So both is asked of a chain, whoever might do without.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography import x509

from certkit import certificate as x
from certkit import hosts, trust
from certkit.bundle import Bundle
from certkit.chain import Path, find_path_unchecked
from certkit.errors import CertkitError
from certkit.sources.endpoint import Endpoint, Served


class State(StrEnum):
    """What an address does, from the best to the worst.

    `propagating` is `stale` while another address serves what is wanted.
    """

    SERVED = "served"
    PROPAGATING = "propagating"
    STALE = "stale"
    INCOMPLETE = "incomplete-chain"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be served.

    Attributes:
        host: what clients call the server.
        chain: leaf's issuer first, without a self-signed one.
        roots: what may end the chain without being sent, besides the public roots.
    """

    host: hosts.Host
    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    roots: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What one address shows.

    Attributes:
        address: an IP address; None where the name leads to none.
        certificates: as they were sent, as DER: the leaf first.
        notes: why it is so, and what else a person should know.
        error: why nothing could be seen.
    """

    address: str | None
    port: int
    state: State
    certificates: tuple[bytes, ...] = ()
    protocol: str | None = None
    notes: tuple[str, ...] = ()
    error: CertkitError | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at an endpoint shows.

    Attributes:
        source: what is to be served, as the user named it.
        canonical: the names at the end of the CNAMEs, as far as the resolver tells them.
    """

    target: Endpoint
    source: str
    wanted: Wanted
    canonical: tuple[str, ...]
    views: tuple[View, ...]


def want(host: str, bundle: Bundle, roots: Sequence[x509.Certificate]) -> Wanted:
    """Returns what clients of `host` are to be served, so that `bundle` is.

    Raises:
        UsageError: the host is neither a DNS name nor an IP address.
    """
    own = (bundle.root,) if bundle.root else ()
    return Wanted(hosts.parse(host), bundle.leaf, _without_roots(bundle.chain), (*own, *roots))


def unreachable(address: str | None, port: int, error: CertkitError) -> View:
    """Returns the view of an address at which nothing could be seen."""
    return View(address, port, State.UNREACHABLE, error=error)


def judge(wanted: Wanted, address: str, port: int, served: Served, now: dt.datetime) -> View:
    """Returns what an address shows, on its own.

    Raises:
        InputTooLargeError: it sends too many certificates of one name to find the chain among them.
    """
    first, *others = served.certificates
    if first != x.to_der(wanted.leaf):
        state, notes = State.STALE, tuple(_another(wanted, x.load(first), now))
    else:
        state, notes = _judge_chain(wanted, tuple(filter(None, map(x.load, others))), now)
        notes = (*notes, *_flaws(wanted, now))
    return View(address, port, state, served.certificates, served.protocol, notes)


def compare(views: Sequence[View]) -> tuple[View, ...]:
    """Returns the views side by side: what is stale at one address while another serves it, is on its way."""
    if all(view.state is not State.SERVED for view in views):
        return tuple(views)
    return tuple(replace(view, state=State.PROPAGATING) if view.state is State.STALE else view for view in views)


def is_served(views: Sequence[View]) -> bool:
    """Tells whether every address serves what is wanted."""
    return all(view.state is State.SERVED for view in views)


def overall(views: Sequence[View]) -> State:
    """Returns the one state that all addresses together are in: the worst, which is where nothing can be seen."""
    return max((view.state for view in views), key=list(State).index, default=State.UNREACHABLE)


def exit_code(views: Sequence[View]) -> int:
    """Returns 3 where an address could not be seen, 1 where one serves something else, else 0."""
    if any(view.state is State.UNREACHABLE for view in views):
        return CertkitError.exit_code
    return 0 if is_served(views) else 1


def _judge_chain(wanted: Wanted, sent: tuple[x509.Certificate, ...], now: dt.datetime) -> tuple[State, tuple[str, ...]]:
    """Judges what is sent behind the right leaf."""
    path = find_path_unchecked(wanted.leaf, sent, now)
    if not _is_complete(wanted, path):
        top = (wanted.leaf, *path.certificates)[-1]
        issuer = x.issuer(top)
        missing = issuer.rfc4514_string() if issuer else "an issuer without a readable name"
        return State.INCOMPLETE, (f"what is sent ends at {x.title(top)}, and its issuer is missing: {missing}",)
    if not _is_within(path.certificates, sent):
        return State.INCOMPLETE, ("the issuers are not sent in order, and not every client sorts them",)
    notes = tuple(_oddities(path, sent, now))
    if _is_chain_wanted(wanted, path, now):
        return State.SERVED, notes
    return State.STALE, (f"the leaf is the right one, and its chain another: {_titles(path.certificates)}", *notes)


def _is_complete(wanted: Wanted, path: Path) -> bool:
    """Tells whether a client that has the roots, and no way to fetch issuers, gets from the leaf to a root."""
    roots = trust.Roots(wanted.roots)
    every = (wanted.leaf, *path.certificates)
    return path.has_root or any(
        trust.is_under(one, roots) or trust.is_under(one, trust.public_roots()) for one in every
    )


def _is_chain_wanted(wanted: Wanted, path: Path, now: dt.datetime) -> bool:
    """Tells whether the chain is the one that is wanted; of a SOURCE that ends below a root, as far as it goes."""
    served = _without_roots(path.certificates)
    if served == wanted.chain:
        return True
    own = find_path_unchecked(wanted.leaf, wanted.chain, now)
    return not _is_complete(wanted, own) and served[: len(wanted.chain)] == wanted.chain


def _is_within(path: Sequence[x509.Certificate], sent: Sequence[x509.Certificate]) -> bool:
    """Tells whether `path` stands in `sent` in its order, whatever stands between."""
    rest = iter(sent)
    return all(one in rest for one in path)


def _without_roots(chain: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    return tuple(one for one in chain if not x.is_self_signed(one))


def _oddities(path: Path, sent: Sequence[x509.Certificate], now: dt.datetime) -> Iterator[str]:
    besides = len(sent) - len(path.certificates)
    if besides:
        yield f"certificates sent besides, which are not in its chain: {besides}"
    for one in path.certificates:
        if not x.is_valid_at(one, now):
            yield f"its issuer {x.title(one)} is not valid now: clients refuse it"


def _flaws(wanted: Wanted, now: dt.datetime) -> Iterator[str]:
    """Yields why clients refuse the right leaf."""
    if not x.is_valid_at(wanted.leaf, now):
        yield "it is not valid now: clients refuse it"
    if not hosts.covers(wanted.leaf, wanted.host):
        yield f"it is not for {wanted.host.text}: clients refuse it"


def _another(wanted: Wanted, leaf: x509.Certificate | None, now: dt.datetime) -> Iterator[str]:
    """Yields what is served instead, and what that looks like."""
    if leaf is None:
        yield "it serves a certificate that cannot be parsed"
        return
    end = leaf.not_valid_after_utc
    verb = "expired" if end < now else "valid until"
    yield f"it serves {x.title(leaf)}, {verb} {end:%Y-%m-%d}, sha256 {x.fingerprint(leaf)[:16]}…"
    if not hosts.covers(leaf, wanted.host):
        yield f"that is not for {wanted.host.text}: what a server shows for names that it does not know"
    elif leaf.not_valid_before_utc > wanted.leaf.not_valid_before_utc:
        yield "that was issued later: SOURCE may be the old one"
    else:
        yield "that is no newer than SOURCE"


def _titles(certificates: Sequence[x509.Certificate]) -> str:
    return ", ".join(map(x.title, certificates)) or "none"
