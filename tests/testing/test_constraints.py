"""What the service model itself refuses, before anything is looked at."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

from tests.issuing import make_chain
from tests.testing.conftest import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm


def error(at: str, must: str, value: str = "") -> tuple[str, str]:
    shown = f" '{value}'" if value else ""
    return (
        "ValidationException",
        f"1 validation error detected: Value{shown} at '{at}' failed to satisfy constraint: Member must {must}",
    )


def buffer(length: int) -> str:
    return f"java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]"


@pytest.mark.parametrize(
    ("part", "content", "answer"),
    [
        ("Certificate", b"", error("certificate", "have length greater than or equal to 1", buffer(0))),
        ("PrivateKey", b"", error("privateKey", "have length greater than or equal to 1")),
        ("CertificateChain", b"", error("certificateChain", "have length greater than or equal to 1", buffer(0))),
        ("Certificate", b"x" * 32_769, error("certificate", "have length less than or equal to 32768", buffer(32_769))),
        ("PrivateKey", b"x" * 8_193, error("privateKey", "have length less than or equal to 8192")),
        (
            "CertificateChain",
            b"x" * 2_097_153,
            error("certificateChain", "have length less than or equal to 2097152", buffer(2_097_153)),
        ),
    ],
    ids=["no certificate", "no key", "an empty chain", "a large certificate", "a large key", "a large chain"],
)
def test_a_part_of_impossible_size_is_refused(acm: Any, part: str, content: bytes, answer: tuple[str, str]) -> None:
    issued = make_chain()
    parts = {"Certificate": issued.pem, "PrivateKey": issued.key_pem, part: content}

    got = refusal(acm.import_certificate, **parts)

    assert got == answer


@pytest.mark.parametrize(
    ("part", "size"), [("Certificate", 32_768), ("PrivateKey", 8_192), ("CertificateChain", 2_097_152)]
)
def test_a_part_of_the_greatest_size_is_taken(acm: Any, part: str, size: int) -> None:
    issued = make_chain()
    parts = {"Certificate": issued.pem, "PrivateKey": issued.key_pem, "CertificateChain": issued.chain_pem}
    comment = b"#" * (size - len(parts[part]) - 1)

    arn = acm.import_certificate(**parts | {part: comment + b"\n" + parts[part]})["CertificateArn"]

    assert arn


def test_all_violations_are_in_one_message(acm: Any) -> None:
    _, message = refusal(acm.import_certificate, Certificate=b"", PrivateKey=b"")

    assert message.startswith("2 validation errors detected: Value 'java")
    assert "; Value at 'privateKey' failed" in message


def test_a_missing_part_is_refused(acm: Any) -> None:
    answer = refusal(acm.import_certificate, Certificate=b"x")

    assert answer == error("privateKey", "not be null")


@pytest.mark.parametrize(
    "arn",
    ["short", "arn:aws:iam::123456789012:server-certificate/shop", "arn:aws:acm:us-east-1:me:certificate/1"],
)
def test_an_arn_of_the_wrong_form_is_refused(acm: Any, arn: str) -> None:
    code, message = refusal(acm.describe_certificate, CertificateArn=arn)

    assert code == "ValidationException"
    assert f"Value '{arn}' at 'certificateArn' failed to satisfy constraint: Member must " in message


def test_an_arn_of_something_else_in_acm_is_refused(acm: Any) -> None:
    code, _ = refusal(acm.describe_certificate, CertificateArn="arn:aws:acm:us-east-1:123456789012:acme-endpoint/1")

    assert code == "InvalidArnException"


OPERATIONS: list[Callable[[Any, str], tuple[str, str]]] = [
    lambda acm, arn: refusal(acm.describe_certificate, CertificateArn=arn),
    lambda acm, arn: refusal(acm.get_certificate, CertificateArn=arn),
    lambda acm, arn: refusal(acm.delete_certificate, CertificateArn=arn),
    lambda acm, arn: refusal(acm.list_tags_for_certificate, CertificateArn=arn),
    lambda acm, arn: refusal(acm.add_tags_to_certificate, CertificateArn=arn, Tags=[{"Key": "a"}]),
    lambda acm, arn: refusal(acm.remove_tags_from_certificate, CertificateArn=arn, Tags=[{"Key": "a"}]),
    lambda acm, arn: refusal(acm.export_certificate, CertificateArn=arn, Passphrase=b"secret"),
]


@pytest.mark.parametrize(
    "ask", OPERATIONS, ids=["describe", "get", "delete", "list tags", "add tags", "remove tags", "export"]
)
def test_an_unknown_arn_is_not_found(acm: Any, ask: Callable[[Any, str], tuple[str, str]]) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"

    answer = ask(acm, arn)

    assert answer == ("ResourceNotFoundException", f"Could not find certificate {arn}.")


def test_an_operation_that_is_not_served_is_refused_at_once(acm: Any) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"

    answer = refusal(acm.renew_certificate, CertificateArn=arn)

    assert answer == ("UnknownOperationException", "the sandbox does not serve RenewCertificate")


@pytest.mark.parametrize(
    "body",
    [b"no JSON", b"[]", b'{"MaxItems": "1"}', b'{"Includes": []}', b'{"NextToken": 1}'],
    ids=["no JSON", "a list", "text for a number", "a list for a structure", "a number for text"],
)
def test_a_request_that_is_not_of_the_protocol_is_refused(server: StrictAcm, body: bytes) -> None:
    answer = send(server.url, "ListCertificates", body)

    assert answer == (400, "SerializationException")


def test_a_blob_that_is_not_base64_is_refused(server: StrictAcm) -> None:
    answer = send(server.url, "ImportCertificate", b'{"Certificate": "***", "PrivateKey": "eA=="}')

    assert answer == (400, "SerializationException")


def test_the_account_configuration_can_be_asked_for_and_set(acm: Any) -> None:
    acm.put_account_configuration(IdempotencyToken="1", ExpiryEvents={"DaysBeforeExpiry": 30})

    assert acm.get_account_configuration()["ExpiryEvents"] == {"DaysBeforeExpiry": 30}


def send(url: str, operation: str, body: bytes) -> tuple[int, str | None]:
    """The status and the error's code of a request that no SDK would make."""
    connection = HTTPConnection(url.removeprefix("http://"))
    scope = "Credential=none/20261122/us-east-1/acm/aws4_request"
    headers = {"X-Amz-Target": f"CertificateManager.{operation}", "Authorization": f"AWS4-HMAC-SHA256 {scope}, "}
    with closing(connection):
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        answer.read()
    return answer.status, answer.getheader("X-Amzn-Errortype")
