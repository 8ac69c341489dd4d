"""What the sandbox's load balancers, distributions and domains do as AWS's do, and moto's do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.aws.usage.scene import Neighbours, of_acm

if TYPE_CHECKING:
    from certkit.testing import StrictAcm

pytest_plugins = ["tests.aws.fixtures"]


def test_a_new_default_leaves_the_list_of_a_listener_alone(server: StrictAcm) -> None:
    neighbours = Neighbours.of(server)
    arns = [neighbours.imported() for _ in range(3)]
    listener = neighbours.load_balancer(arns[0], arns[1])
    client = neighbours.client("elbv2")

    client.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arns[1]}])
    client.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": arns[2]}])
    client.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arns[2]}])

    held = client.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    assert held == [
        {"CertificateArn": arns[2], "IsDefault": True},
        {"CertificateArn": arns[1], "IsDefault": False},
    ]
    assert [server.backend().find(arn).in_use_by for arn in arns] == [(), (listener,), (listener,)]


def test_a_distribution_is_updated_only_by_who_has_read_it_last(server: StrictAcm) -> None:
    neighbours = Neighbours.of(server)
    made = neighbours.distribution(of_acm(neighbours.imported()))
    client = neighbours.client("cloudfront")
    read = client.get_distribution_config(Id=made["Id"])
    change = {"Id": made["Id"], "DistributionConfig": read["DistributionConfig"], "IfMatch": read["ETag"]}

    client.update_distribution(**change)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        client.update_distribution(**change)
