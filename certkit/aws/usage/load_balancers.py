"""The listeners of Application and Network Load Balancers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListenerCertificates.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place, is_gone
from certkit.errors import AwsRefusedError
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_elbv2.type_defs import ListenerTypeDef, LoadBalancerTypeDef

_WITH_CERTIFICATES: Final = frozenset({"HTTPS", "TLS"})


def read(elb: "ElasticLoadBalancingv2Client", place: Place) -> Iterator[User]:
    """Yields what each listener has as its default, and for the names that clients ask for.

    A request for each load balancer, and one for each of its listeners with certificates.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    with place.reading():
        balancers = [
            one
            for page in place.pages(elb.get_paginator("describe_load_balancers").paginate(), "NextMarker")
            for one in page["LoadBalancers"]
        ]
    for balancer in balancers:
        try:
            yield from list(_of_balancer(elb, place, balancer))
        except AwsRefusedError as error:
            if not is_gone(error):
                raise


def _of_balancer(elb: "ElasticLoadBalancingv2Client", place: Place, balancer: "LoadBalancerTypeDef") -> Iterator[User]:
    pages = elb.get_paginator("describe_listeners").paginate(LoadBalancerArn=balancer["LoadBalancerArn"])
    with place.reading():
        listeners = [one for page in place.pages(pages, "NextMarker") for one in page["Listeners"]]
    for listener in listeners:
        if listener.get("Protocol") in _WITH_CERTIFICATES:
            yield from _of_listener(elb, place, balancer, listener)


def _of_listener(
    elb: "ElasticLoadBalancingv2Client", place: Place, balancer: "LoadBalancerTypeDef", listener: "ListenerTypeDef"
) -> Iterator[User]:
    pages = elb.get_paginator("describe_listener_certificates").paginate(ListenerArn=listener["ListenerArn"])
    with place.reading():
        held = [one for page in place.pages(pages, "NextMarker") for one in page["Certificates"]]
        for one in held:
            yield from place.users(
                one["CertificateArn"],
                Slot.DEFAULT if one.get("IsDefault") else Slot.SNI,
                arn=listener["ListenerArn"],
                id=listener["ListenerArn"],
                name=balancer["LoadBalancerName"],
                parent=balancer["LoadBalancerArn"],
                address=balancer["DNSName"],
                port=listener["Port"],
                is_internal=balancer.get("Scheme") == "internal",
            )
