"""Who keeps a resource as it is: a stack, Terraform, a controller. Its next run brings back what others change. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_STACK: Final = "aws:cloudformation:stack-name"
_LOGICAL_ID: Final = "aws:cloudformation:logical-id"
"""What CloudFormation puts on all that it makes, and nobody else can:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html.
"""

_BEANSTALK: Final = "elasticbeanstalk:environment-name"
"""https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.tagging.html"""

_CONTROLLER: Final = ("elbv2.k8s.aws/", "ingress.k8s.aws/", "service.k8s.aws/", "kubernetes.io/service-name")
"""How the tags begin that controllers put on load balancers:
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags.
"""

_TOOLS: Final[Mapping[str, str]] = {
    "terraform": "Terraform",
    "opentofu": "OpenTofu",
    "terragrunt": "Terragrunt",
    "pulumi": "Pulumi",
    "crossplane": "Crossplane",
    "aws-cdk": "CDK",
    "cloudformation": "CloudFormation",
}
"""What people write into tags of their own (`default_tags` of the provider, ManagedBy = terraform): none is prescribed."""

_NO: Final = frozenset({"", "0", "false", "no", "none"})


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps a resource.

    Attributes:
        name: the tool, with what it calls it.
        change: what to change there; `{old}` and `{new}` stand for the ARNs.
    """

    name: str
    change: str


def keeper_of(tags: Mapping[str, str]) -> Keeper | None:
    """Returns who keeps what carries these tags, None where nobody is known to."""
    if _BEANSTALK in tags:
        return Keeper(
            f"Elastic Beanstalk, environment {tags[_BEANSTALK]}",
            "set the option SSLCertificateArns of aws:elbv2:listener:443 to {new}, and deploy",
        )
    if any(key.startswith(_CONTROLLER) for key in tags):
        return Keeper(
            "a Kubernetes controller",
            "put {new} in place of {old} in the annotation alb.ingress.kubernetes.io/certificate-arn of the Ingress, or "
            "service.beta.kubernetes.io/aws-load-balancer-ssl-cert of the Service",
        )
    return _stack(tags) or _declared(tags)


def _stack(tags: Mapping[str, str]) -> Keeper | None:
    if _STACK not in tags:
        return None
    logical_id = tags.get(_LOGICAL_ID)
    called = f"the stack {tags[_STACK]}" + (f", resource {logical_id}" if logical_id else "")
    return Keeper(
        called,
        "put {new} in place of {old} in the template or its parameters, in CDK where Certificate.fromCertificateArn "
        "names it, and deploy",
    )


def _declared(tags: Mapping[str, str]) -> Keeper | None:
    """Returns the tool that a tag of people's own names, in its key or in its value."""
    for key, value in sorted(tags.items()):
        for word, title in _TOOLS.items():
            if (word in key.casefold() and value.casefold() not in _NO) or word in value.casefold():
                return Keeper(
                    f"{title} (tag {key} = {value})",
                    "put {new} in place of {old} where its configuration names it, and apply: certificate_arn of "
                    "aws_lb_listener or aws_lb_listener_certificate or aws_api_gateway_domain_name, acm_certificate_arn of "
                    "aws_cloudfront_distribution; where it reads data.aws_acm_certificate, see that it finds the new one",
                )
    return None
