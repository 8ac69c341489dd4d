"""What moto gets wrong about those who use certificates, mended when they are asked for the first time.

Load balancers: moto keeps one list, whose first entry is the default. A new default replaces all of it, a certificate can be
added twice, and the default can be removed with the list. ACM hears of what is added, and not of what is removed.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html

CloudFront: moto takes every IfMatch, and its ETag stays. API Gateway: moto has no UpdateDomainName, in neither API.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from moto.acm.models import acm_backends

from certkit.testing.backend import StrictBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    _Method: TypeAlias = Callable[..., Any]

_MOST_LISTED: Final = 25
"""Certificates of a load balancer beside the default ones:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
"""


@contextmanager
def mended() -> Iterator[Callable[[str], None]]:
    """Yields what mends a service of moto's by its name, once each; after the block moto is as it was."""
    done: set[str] = set()
    with ExitStack() as stack:

        def mend(service: str) -> None:
            if service in _MENDS and service not in done:
                done.add(service)
                for owner, methods in _MENDS[service]():
                    for name, method in methods.items():
                        stack.enter_context(patch.object(owner, name, method, create=True))

        yield mend


def _listeners() -> Iterator[tuple[type, Mapping[str, _Method]]]:
    from moto.elbv2.exceptions import TooManyCertificatesError
    from moto.elbv2.models import ELBv2Backend

    change_listener = ELBv2Backend.modify_listener

    def modify(self: ELBv2Backend, arn: str, *args: Any, **settings: Any) -> Any:  # noqa: ANN401 -- moto's
        listener = _listener(self, arn)
        before = list(listener.certificates)
        change_listener(self, arn, *args, **settings)
        listener.certificates = [*listener.certificates[:1], *before[1:]]
        _tell(self, arn, before, listener.certificates)
        return listener

    def add(self: ELBv2Backend, arn: str, certificates: Sequence[Mapping[str, str]]) -> list[str]:
        listener = _listener(self, arn)
        before = list(listener.certificates)
        added = [one["CertificateArn"] for one in certificates]
        listed = list(dict.fromkeys((*before[1:], *added)))
        if len(listed) > _MOST_LISTED:
            raise TooManyCertificatesError
        listener.certificates = [*before[:1], *listed]
        _tell(self, arn, before, listener.certificates)
        return added

    def remove(self: ELBv2Backend, arn: str, certificates: Sequence[Mapping[str, str]]) -> None:
        listener = _listener(self, arn)
        before = list(listener.certificates)
        gone = {one["CertificateArn"] for one in certificates}
        listener.certificates = [*before[:1], *(one for one in before[1:] if one not in gone)]
        _tell(self, arn, before, listener.certificates)

    names = ("modify_listener", "add_listener_certificates", "remove_listener_certificates")
    yield ELBv2Backend, dict(zip(names, (modify, add, remove), strict=True))


def _listener(backend: Any, arn: str) -> Any:  # noqa: ANN401 -- moto's
    return backend.describe_listeners(load_balancer_arn=None, listener_arns=[arn])[0]


def _tell(backend: Any, listener: str, before: Sequence[str], after: Sequence[str]) -> None:  # noqa: ANN401 -- moto's
    """Tells ACM what the listener uses now; a certificate of IAM's is none of its own."""
    acm = acm_backends[backend.account_id][backend.region_name]
    if not isinstance(acm, StrictBackend):
        return
    for arn in {one for one in (*before, *after) if ":acm:" in one}:
        others = tuple(one for one in acm.find(arn).in_use_by if one != listener)
        acm.set_in_use(arn, (*others, listener) if arn in after else others)


def _distributions() -> Iterator[tuple[type, Mapping[str, _Method]]]:
    from moto.cloudfront.exceptions import CloudFrontException
    from moto.cloudfront.models import CloudFrontBackend, random_id

    change_distribution = CloudFrontBackend.update_distribution

    def update(self: CloudFrontBackend, dist_config: dict[str, Any], _id: str, if_match: Any) -> Any:  # noqa: ANN401 -- moto's
        held = self.distributions.get(_id)
        if held and if_match and if_match != held.etag:
            raise CloudFrontException(
                "PreconditionFailed", "The request failed because it didn't meet the preconditions."
            )
        distribution, location, _ = change_distribution(self, dist_config, _id, if_match)
        distribution.etag = random_id()
        return distribution, location, distribution.etag

    yield CloudFrontBackend, {"update_distribution": update}


def _domains() -> Iterator[tuple[type, Mapping[str, _Method]]]:
    from moto.apigateway.responses import APIGatewayResponse

    members = {"/certificateArn": "certificate_arn", "/regionalCertificateArn": "regional_certificate_arn"}

    def update(self: APIGatewayResponse) -> str:
        domain = self.backend.get_domain_name(self.path.split("/")[2])
        for change in self._get_param("patchOperations"):
            setattr(domain, members[change["path"]], change["value"])
        return json.dumps(domain.to_json())

    yield APIGatewayResponse, {"update_domain_name": update}
    yield from _second_domains()  # moto has the one API serve the paths of the other as well


def _second_domains() -> Iterator[tuple[type, Mapping[str, _Method]]]:
    from moto.apigatewayv2.responses import ApiGatewayV2Response

    def update(self: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
        domain = self.apigatewayv2_backend.get_domain_name(self.path.split("/")[-1])
        domain.domain_name_configurations = json.loads(self.body)["domainNameConfigurations"]
        return 200, {}, json.dumps(domain.to_json())

    yield ApiGatewayV2Response, {"update_domain_name": update}


_MENDS: Final[Mapping[str, Callable[[], Iterator[tuple[type, Mapping[str, _Method]]]]]] = {
    "apigateway": _domains,
    "cloudfront": _distributions,
    "elb": _listeners,
}
"""By what moto calls the application that answers: the first one's answers for both generations of load balancers."""
