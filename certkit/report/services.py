"""The page of the services and their limits."""

from collections.abc import Iterator, Mapping

from certkit import limits
from certkit.rules.services import Service


def page(services: Mapping[str, Service]) -> str:
    """Returns `docs/services.md`."""
    rows = (_row(name, service) for name, service in services.items())
    notes = (f"- `{name}`: {service.note}" for name, service in services.items() if service.note)
    return "\n".join((_HEAD, *rows, "", _NOTES, *notes, ""))


def _row(name: str, service: Service) -> str:
    region = service.region or "its own"
    return f"| `{name}` | [{service.title}]({service.source}) | {region} | {_keys(service)} | {'; '.join(_limits(service))} |"


def _keys(service: Service) -> str:
    if not service.takes_imports:
        return ""
    if not service.key_algorithms:
        return "not documented"
    if set(service.key_algorithms) == set(limits.KEY_ALGORITHMS):
        return "all of ACM's"
    return ", ".join(service.key_algorithms)


def _limits(service: Service) -> Iterator[str]:
    """Yields what it asks for beside region and key."""
    if not service.takes_imports:
        yield "takes no certificate of yours"
    if service.needs_public_ca:
        yield "from a public CA"
    if not service.takes_self_signed:
        yield "not self-signed"
    if service.needs_ca:
        yield "a CA's certificate"
    if service.extended_key_usage is not None:
        yield f"extended key usage {service.extended_key_usage}"
    if service.naming is not None:
        yield f"names {service.naming}"
    if service.needs_common_name:
        yield "a common name"
    yield from _limits_of_chain(service)
    if service.min_life is not None:
        yield f"valid for {service.min_life.total_seconds() / 3600:.0f} hours more"


def _limits_of_chain(service: Service) -> Iterator[str]:
    if service.needs_chain:
        yield "with its chain"
    if not service.takes_root:
        yield "no root in the chain"
    if service.max_chain_certificates is not None:
        yield f"at most {service.max_chain_certificates} certificates, the leaf counted"
    if service.max_chain_bytes is not None:
        yield f"a chain of at most {service.max_chain_bytes:,} bytes"


_HEAD = """# Services

What `--for SERVICE` of `certkit validate` and `certkit import` asks of a certificate beside ACM's own criteria. ACM imports
it all the same, and the service refuses it later, or serves it broken: so each finding is a warning
(`--fail-on warning` makes it count). Its rules begin with `service-`: `certkit rules` explains them.

A limit stands here only where a page of AWS's, linked in the second column, or its service model states it, or users have
reported it; nothing here was tried on an account. "Its own" region is the one that the service runs in.

This page is made from the code: `make docs`.

| SERVICE | what it is | region | keys | asks for |
| --- | --- | --- | --- | --- |"""

_NOTES = """## What cannot be seen in a certificate, or is not certain
"""
