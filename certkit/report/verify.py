"""What `certkit verify` shows."""

import hashlib
import ipaddress
from collections.abc import Iterator, Sequence

from certkit import certificate as x
from certkit.report import certificate as certificates
from certkit.report import failure, one_line
from certkit.report.table import lines
from certkit.sources.address import is_public
from certkit.verify import Sight, State, View

_TO_DO = {
    State.STALE: (
        "no address serves it yet: what was imported has to be in use by the load balancer or distribution behind this name, "
        "and CloudFront may take up to 24 hours; a server with files of its own has to be reloaded"
    ),
    State.PROPAGATING: "it is on its way: --wait 10m looks again until all addresses agree",
    State.INCOMPLETE: (
        "give the server the issuers too, in order: certkit split --complete fetches them, import sends them; a private root "
        "is named with --roots"
    ),
    State.UNREACHABLE: "nothing is known of what could not be reached: it may serve it all the same",
}
"""What a person should do, by state. How long CloudFront takes:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html.
"""

_CLOUDFRONT = "CloudFront: DNS shows the nearest edge alone; others may still serve what was there before"
_INTERNAL = (
    "an internal address is reached from its own network alone: run certkit there, or certkit verify with --connect-to"
)
"""What DNS tells everybody of an internal load balancer:
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-internal-load-balancers.html.
"""

_IPV6 = "this machine may have no way to IPv6: certkit verify --ipv4 leaves those addresses out"


def document(sight: Sight, at: str) -> dict[str, object]:
    """Returns the document `certkit.verify/1`.

    Args:
        at: when it was looked at.
    """
    wanted = sight.wanted
    return {
        "schema": "certkit.verify/1",
        "at": at,
        "host": sight.target.host,
        "port": sight.target.port,
        "source": sight.source,
        "leaf_sha256": x.fingerprint(wanted.leaf),
        "chain_sha256": [x.fingerprint(one) for one in wanted.chain],
        "not_after": certificates.time_text(wanted.leaf.not_valid_after_utc),
        "results": [item(view) for view in sight.views],
        "hints": list(hints(sight)),
    }


def item(view: View) -> dict[str, object]:
    """Returns one address as it stands in the document."""
    sent = [hashlib.sha256(der).hexdigest() for der in view.certificates]
    return {
        "address": view.address,
        "port": view.port,
        "state": view.state.value,
        "leaf_sha256": sent[0] if sent else None,
        "chain_sha256": sent[1:],
        "protocol": view.protocol,
        "notes": list(view.notes),
        "error": failure.detail(view.error) if view.error else None,
    }


def text(sight: Sight) -> str:
    """Returns what a person reads: what is wanted, a line for each address, below it why, at the end what to do."""
    leaf, name = sight.wanted.leaf, _name(sight.target.host, sight.target.port)
    count, total = (sum(map(is_counted, sight.views)) for is_counted in (_is_served, _has_address))
    until = certificates.date_text(leaf.not_valid_after_utc)
    shown = [
        f"{name}: {sight.source} is served at {count} of {total} address{'es' * (total != 1)}",
        f"  wanted  {x.title(leaf)}, valid until {until}, sha256 {x.fingerprint(leaf)[:16]}…",
    ]
    return "\n".join(map(one_line, [*shown, *rows(sight.views), *hints(sight)]))


def rows(views: Sequence[View]) -> Iterator[str]:
    """Yields a line for each address, and below it why."""
    for row, view in zip(lines([(_place(view), view.state.value) for view in views]), views, strict=True):
        yield f"  {row}"
        yield from (f"    {note}" for note in _why(view))


def hints(sight: Sight) -> Iterator[str]:
    """Yields what a person should do, or know of what cannot be seen from here."""
    states = {view.state for view in sight.views}
    yield from (f"{state}: {advice}" for state, advice in _TO_DO.items() if state in states)
    yield from caveats(sight)


def caveats(sight: Sight) -> Iterator[str]:
    """Yields what cannot be seen from here."""
    if any(name.endswith(".cloudfront.net") for name in (sight.target.host, *sight.canonical)):
        yield _CLOUDFRONT
    lost = [_address(view) for view in sight.views if view.state is State.UNREACHABLE and _has_address(view)]
    if any(not is_public(address) and not address.is_loopback for address in lost):
        yield _INTERNAL
    if len(lost) < len(sight.views) and any(address.version == 6 for address in lost):  # noqa: PLR2004 -- IPv6
        yield _IPV6


def _is_served(view: View) -> bool:
    return view.state is State.SERVED


def _has_address(view: View) -> bool:
    return view.address is not None


def _why(view: View) -> tuple[str, ...]:
    if view.error is None:
        return view.notes
    return tuple(filter(None, (view.error.message, view.error.hint)))


def _place(view: View) -> str:
    return _name(view.address, view.port) if view.address else "(no address)"


def _name(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(view: View) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(view.address or "")
