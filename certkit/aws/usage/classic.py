"""The listeners of Classic Load Balancers.

https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_elb import ElasticLoadBalancingClient


def read(elb: "ElasticLoadBalancingClient", place: Place) -> Iterator[User]:
    """Yields what each listener has; such a listener has one certificate.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    pages = elb.get_paginator("describe_load_balancers").paginate()
    with place.reading():
        for page in place.pages(pages, "NextMarker"):
            for balancer in page["LoadBalancerDescriptions"]:
                for described in balancer["ListenerDescriptions"]:
                    listener = described["Listener"]
                    yield from place.users(
                        listener.get("SSLCertificateId"),
                        Slot.DEFAULT,
                        arn=place.arn("elasticloadbalancing", f"loadbalancer/{balancer['LoadBalancerName']}"),
                        id=balancer["LoadBalancerName"],
                        name=balancer["LoadBalancerName"],
                        parent=balancer["LoadBalancerName"],
                        address=balancer["DNSName"],
                        port=listener["LoadBalancerPort"],
                        is_internal=balancer.get("Scheme") == "internal",
                    )
