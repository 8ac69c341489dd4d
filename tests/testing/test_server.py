"""The server: accounts, Regions, other services, and what it leaves of moto."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.acm.models import AWSCertificateManagerBackend, acm_backends

from certkit.testing import AlreadyServingError, AwsRefusal, Behaviour, serve
from tests.issuing import Request, make_chain
from tests.testing.conftest import UNCHECKED, refusal

if TYPE_CHECKING:
    from certkit.testing import StrictAcm

OTHER = "222222222222"
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1"


def assume(server: StrictAcm, account: str) -> Any:
    """A client in another account, by a role there."""
    sts = boto3.client("sts", endpoint_url=server.url)
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/certkit", RoleSessionName="test")["Credentials"]
    return boto3.client(
        "acm",
        endpoint_url=server.url,
        config=UNCHECKED,
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )


def import_into(acm: Any) -> str:
    issued = make_chain(leaf=Request(key=("RSA_2048", 0)))
    return str(acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)["CertificateArn"])


def listed(acm: Any) -> list[str]:
    return [summary["CertificateArn"] for summary in acm.list_certificates()["CertificateSummaryList"]]


def test_a_role_in_another_account_reaches_that_accounts_acm(server: StrictAcm, acm: Any) -> None:
    elsewhere = assume(server, OTHER)

    arn = import_into(elsewhere)

    assert arn.startswith(f"arn:aws:acm:us-east-1:{OTHER}:certificate/")
    assert listed(elsewhere) == [arn]
    assert listed(acm) == []
    assert refusal(acm.describe_certificate, CertificateArn=arn)[0] == "ResourceNotFoundException"


def test_another_accounts_acm_is_as_strict(server: StrictAcm) -> None:
    elsewhere = assume(server, OTHER)
    issued = make_chain()

    code, _ = refusal(elsewhere.import_certificate, Certificate=issued.pem * 2, PrivateKey=issued.key_pem)

    assert code == "ValidationException"


def test_regions_are_apart(server: StrictAcm, acm: Any) -> None:
    frankfurt = boto3.client("acm", endpoint_url=server.url, region_name="eu-central-1")

    arn = import_into(frankfurt)

    assert arn.startswith("arn:aws:acm:eu-central-1:123456789012:certificate/")
    assert listed(frankfurt) == [arn]
    assert listed(acm) == []


def test_other_partitions_have_their_own_arns(server: StrictAcm) -> None:
    beijing = boto3.client("acm", endpoint_url=server.url, region_name="cn-north-1")

    arn = import_into(beijing)

    assert arn.startswith("arn:aws-cn:acm:cn-north-1:")


def test_the_caller_and_the_regions_can_be_asked_for(server: StrictAcm) -> None:
    identity = boto3.client("sts", endpoint_url=server.url).get_caller_identity()
    regions = boto3.client("ec2", endpoint_url=server.url).describe_regions()["Regions"]

    assert identity["Account"] == server.account
    assert {"us-east-1", "eu-central-1"} <= {region["RegionName"] for region in regions}


def test_a_certificate_in_use_cannot_be_deleted_until_it_is_free(server: StrictAcm, acm: Any) -> None:
    arn = import_into(acm)
    server.set_in_use(arn, BALANCER)
    used = acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"]

    answer = refusal(acm.delete_certificate, CertificateArn=arn)
    server.set_in_use(arn)
    acm.delete_certificate(CertificateArn=arn)

    assert used == [BALANCER]
    assert answer == ("ResourceInUseException", f"Certificate {arn} in account 123456789012 is in use.")
    assert listed(acm) == []


def test_a_certificate_that_is_not_there_cannot_be_in_use(server: StrictAcm) -> None:
    with pytest.raises(AwsRefusal):
        server.set_in_use("arn:aws:acm:us-east-1:123456789012:certificate/1", BALANCER)


def test_moto_load_balancers_can_serve_a_certificate(server: StrictAcm, acm: Any) -> None:
    arn = import_into(acm)
    elb = boto3.client("elb", endpoint_url=server.url)
    listener: Any = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": arn}

    elb.create_load_balancer(LoadBalancerName="shop", Listeners=[listener], AvailabilityZones=["us-east-1a"])

    assert len(acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"]) == 1


def test_an_operation_can_be_denied_in_one_account_and_region(server: StrictAcm, acm: Any) -> None:
    elsewhere = assume(server, OTHER)

    server.deny("ListCertificates", account=OTHER)

    assert refusal(elsewhere.list_certificates) == (
        "AccessDeniedException",
        f"User: arn:aws:iam::{OTHER}:user/sandbox is not authorized to perform: acm:ListCertificates",
    )
    assert listed(acm) == []


def test_a_reset_forgets_certificates_and_settings(server: StrictAcm, acm: Any) -> None:
    import_into(acm)
    server.behaviour = Behaviour(page_size=1)
    server.deny("ListCertificates")

    server.reset()

    assert listed(acm) == []
    assert server.behaviour == Behaviour()


def test_two_cannot_be_served_at_once(server: StrictAcm) -> None:
    with pytest.raises(AlreadyServingError, match="in this process already"), serve():
        pass

    assert server.url.startswith("http://127.0.0.1:")


def test_moto_is_as_it_was_afterwards() -> None:
    with serve() as server:
        during = acm_backends.backend

    assert during is not AWSCertificateManagerBackend
    assert acm_backends.backend is AWSCertificateManagerBackend
    assert not acm_backends
    with pytest.raises(TypeError):
        server.backend()


def test_it_can_be_served_again_and_is_empty() -> None:
    answers = []

    for _ in range(2):
        with serve() as server:
            acm = boto3.client("acm", endpoint_url=server.url, region_name="us-east-1", **credentials())
            answers.append(listed(acm))
            import_into(acm)

    assert answers == [[], []]


def test_a_profile_that_is_not_there_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import os; os.environ['AWS_PROFILE'] = 'nowhere'\n"
        "from certkit.testing import serve\n"
        "with serve() as server:\n"
        "    import subprocess, sys\n"
        '    code = \'import boto3; print(boto3.client("acm").list_certificates()["CertificateSummaryList"])\'\n'
        "    subprocess.run([sys.executable, '-c', code], env=server.child_environment(os.environ), check=True)\n"
        "    print(os.environ['AWS_PROFILE'])\n"
    )
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("[]\nnowhere\n", "")


def test_requests_leave_no_lines_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with serve() as server:
        acm = boto3.client("acm", endpoint_url=server.url, region_name="us-east-1", **credentials())
        import_into(acm)
        refusal(acm.describe_certificate, CertificateArn="arn:aws:acm:us-east-1:1:certificate/1")

    assert capfd.readouterr() == ("", "")


def test_conditional_writes_of_many_threads_have_one_winner(server: StrictAcm) -> None:
    dynamodb = boto3.client("dynamodb", endpoint_url=server.url)
    dynamodb.create_table(
        TableName="locks",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def wins(holder: int) -> bool:
        item = {"name": {"S": "shop"}, "holder": {"N": str(holder)}}
        try:
            dynamodb.put_item(
                TableName="locks",
                Item=item,
                ConditionExpression="attribute_not_exists(#n)",
                ExpressionAttributeNames={"#n": "name"},
            )
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        winners = sum(pool.map(wins, range(40)))

    assert winners == 1


def credentials() -> dict[str, Any]:
    return {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("iam", "simulate_principal_policy", {"PolicySourceArn": "arn:aws:iam::1:user/x" * 2, "ActionNames": ["a:B"]}),
        ("service-quotas", "list_service_quotas", {"ServiceCode": "acm"}),
    ],
)
def test_what_moto_has_not_is_refused_once(
    server: StrictAcm, capfd: pytest.CaptureFixture[str], service: Any, operation: str, arguments: dict[str, Any]
) -> None:
    client = boto3.client(service, endpoint_url=server.url)

    with pytest.raises(ClientError) as raised:
        getattr(client, operation)(**arguments)

    assert raised.value.response["Error"]["Code"] == "UnknownOperationException"
    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("appsync", "list_domain_names", "domainNameConfigs"),
        ("ec2", "describe_client_vpn_endpoints", "ClientVpnEndpoints"),
        ("apigateway", "get_domain_names", "items"),
        ("apigatewayv2", "get_domain_names", "Items"),
        ("cognito-idp", "list_user_pools", "UserPools"),
    ],
)
def test_a_listing_of_what_cannot_be_there_is_empty(
    server: StrictAcm, service: Any, operation: str, member: str
) -> None:
    client = boto3.client(service, endpoint_url=server.url)

    answer = getattr(client, operation)(**({"MaxResults": 60} if operation == "list_user_pools" else {}))

    assert answer[member] == []
