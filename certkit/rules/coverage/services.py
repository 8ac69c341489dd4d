"""What the services ask of a certificate, as the table of services has it."""

from collections.abc import Iterator
from typing import Final

from certkit.rules.coverage.statement import Statement, Topic
from certkit.rules.services import SERVICES
from certkit.rules.services.service import Service


def _rules(service: Service) -> Iterator[str]:
    asked = {
        "service-takes-no-import": not service.takes_imports,
        "service-region": service.region,
        "service-key-algorithm": service.key_algorithms,
        "service-public-ca": service.needs_public_ca,
        "service-self-signed": not service.takes_self_signed,
        "service-ca-certificate": service.needs_ca,
        "service-extended-key-usage": service.extended_key_usage,
        "service-domain-name": service.naming,
        "service-common-name": service.needs_common_name,
        "service-chain-missing": service.needs_chain,
        "service-chain-too-long": service.max_chain_certificates or service.max_chain_bytes,
        "service-root-in-chain": not service.takes_root,
        "service-expires-soon": service.min_life,
    }
    return (rule for rule, is_asked in asked.items() if is_asked)


def _statement(name: str, service: Service) -> Statement:
    rules = tuple(_rules(service))
    remark = service.note if rules else f"it is not documented what it takes. {service.note}".strip()
    return Statement(f"`--for {name}`: {service.title}", service.source, rules, remark)


_NAMES: Final = Statement(
    "the certificate covers the names that it is to serve",
    "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
    ("host-not-covered",),
    "asked for with `--host`, and therefore an error; ACM does not look at it",
)

SERVICES_ASK: Final = Topic(
    "The services", (_NAMES, *(_statement(name, service) for name, service in SERVICES.items()))
)
