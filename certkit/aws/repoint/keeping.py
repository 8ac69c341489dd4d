"""The tags of users of certificates, which say who keeps them as they are."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from certkit.aws.failures import explained
from certkit.aws.repoint.refusals import REFUSALS
from certkit.aws.sessions import Session
from certkit.errors import AwsError
from certkit.migration import Move, keeper_of
from certkit.migration.move import can_repoint
from certkit.usage import Service, User

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client


def move_of(aws: Session, user: User) -> Move:
    """Returns a user with who keeps it; where its tags cannot be read, it is left alone, and says why."""
    if not can_repoint(user):
        return Move(user)
    try:
        return Move(user, keeper_of(tags_of(aws, user)))
    except AwsError as error:
        return Move(user, why=f"its tags do not say whether a stack or Terraform keeps it: {error.message}")


def tags_of(aws: Session, user: User) -> Mapping[str, str]:
    """Returns the tags of a user that certkit can repoint; of a listener, those of its load balancer too.

    CloudFormation tags the load balancer, and its listeners only where the template does.

    Raises:
        AwsError: they cannot be read.
    """
    with explained(f"reading the tags of {user.arn}", REFUSALS):
        match user.service:
            case Service.ELBV2:
                return _of_listener(aws, user)
            case Service.CLOUDFRONT:
                edge: CloudFrontClient = aws.client("cloudfront", user.region)
                items = edge.list_tags_for_resource(Resource=user.arn)["Tags"].get("Items", ())
                return {tag["Key"]: tag.get("Value", "") for tag in items}
            case Service.APIGATEWAYV2:
                second: ApiGatewayV2Client = aws.client("apigatewayv2", user.region)
                return dict(second.get_domain_name(DomainName=user.id).get("Tags") or {})
            case _:
                first: APIGatewayClient = aws.client("apigateway", user.region)
                return dict(first.get_domain_name(domainName=user.id).get("tags") or {})


def _of_listener(aws: Session, user: User) -> Mapping[str, str]:
    client: ElasticLoadBalancingv2Client = aws.client("elbv2", user.region)
    arns = [arn for arn in (user.parent, user.arn) if arn]
    found = client.describe_tags(ResourceArns=arns)["TagDescriptions"]
    return {tag["Key"]: tag.get("Value", "") for one in found for tag in one["Tags"]}
