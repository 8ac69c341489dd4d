"""Who keeps a resource as it is, told by its tags."""

from __future__ import annotations

import pytest

from certkit.migration import keeper_of


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"aws:cloudformation:stack-name": "web"}, "the stack web"),
        (
            {"aws:cloudformation:stack-name": "web", "aws:cloudformation:logical-id": "Front"},
            "the stack web, resource Front",
        ),
        (
            {"elasticbeanstalk:environment-name": "prod", "aws:cloudformation:stack-name": "awseb-1"},
            "Elastic Beanstalk, environment prod",
        ),
        ({"elbv2.k8s.aws/cluster": "c", "ingress.k8s.aws/stack": "shop"}, "a Kubernetes controller"),
        ({"kubernetes.io/service-name": "default/shop"}, "a Kubernetes controller"),
        ({"ManagedBy": "Terraform"}, "Terraform (tag ManagedBy = Terraform)"),
        ({"terraform": "true"}, "Terraform (tag terraform = true)"),
        ({"TerraformWorkspace": "prod"}, "Terraform (tag TerraformWorkspace = prod)"),
        ({"managed-by": "opentofu"}, "OpenTofu (tag managed-by = opentofu)"),
        ({"pulumi:project": "shop"}, "Pulumi (tag pulumi:project = shop)"),
    ],
)
def test_a_tool_that_would_bring_the_old_arn_back_is_known_by_its_tags(tags: dict[str, str], name: str) -> None:
    keeper = keeper_of(tags)

    assert keeper is not None
    assert keeper.name == name
    assert "{new}" in keeper.change


@pytest.mark.parametrize("tags", [{}, {"team": "web"}, {"terraform": "false"}, {"Terraform": "no"}, {"owner": "kube"}])
def test_other_tags_name_nobody(tags: dict[str, str]) -> None:
    assert keeper_of(tags) is None
