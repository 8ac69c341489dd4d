"""Tags: what is refused, what overwrites, what is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.issuing import make_chain
from tests.testing.conftest import UNCHECKED, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm

FIFTY = [{"Key": f"key{number}", "Value": str(number)} for number in range(50)]
PATTERN = r"Member must satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"

REFUSED = [
    ([*FIFTY, {"Key": "one too many"}], "TooManyTagsException", "contains too many Tags"),
    (
        [{"Key": "k" * 129}],
        "ValidationException",
        "at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
    ),
    (
        [{"Key": "k", "Value": "v" * 257}],
        "ValidationException",
        "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256",
    ),
    (
        [{"Key": ""}],
        "ValidationException",
        "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
    (
        [{"Key": "a"}, {"Key": "a*"}],
        "ValidationException",
        f"Value 'a*' at 'tags.2.member.key' failed to satisfy constraint: {PATTERN}",
    ),
    ([{"Key": "names", "Value": "a.example.com,b.example.com"}], "ValidationException", PATTERN),
    ([{"Key": "name", "Value": "*.example.com"}], "ValidationException", PATTERN),
    (
        [{"Key": "aws:name", "Value": "x"}],
        "ValidationException",
        'Invalid Tag Key: "aws:name". AWS internal tags cannot be changed with this API',
    ),
    ([{"Key": "name", "Value": "aws:x"}], "InvalidTagException", "begins with aws:"),
    (
        [],
        "ValidationException",
        "1 validation error detected: Value '[]' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
]
IDS = [
    "51",
    "a long key",
    "a long value",
    "an empty key",
    "a sign in a key",
    "a comma",
    "an asterisk",
    "aws: key",
    "aws: value",
    "none",
]


@pytest.mark.parametrize(("tags", "code", "text"), REFUSED, ids=IDS)
def test_an_import_with_tags_that_cannot_be_is_refused_whole(
    acm: Any, put: Callable[..., str], tags: Any, code: str, text: str
) -> None:
    answer = refusal(put, issued=make_chain(), Tags=tags)

    assert answer[0] == code
    assert text in answer[1]
    assert acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"] == []


@pytest.mark.parametrize(("tags", "code", "text"), REFUSED, ids=IDS)
def test_tags_that_cannot_be_are_not_added(acm: Any, put: Callable[..., str], tags: Any, code: str, text: str) -> None:
    arn = put(make_chain())

    answer = refusal(acm.add_tags_to_certificate, CertificateArn=arn, Tags=tags)

    assert answer[0] == code
    assert text in answer[1]
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == []


def test_fifty_tags_of_the_longest_kind_are_taken(acm: Any, put: Callable[..., str]) -> None:
    tags = [{"Key": f"{number:03}".ljust(128, "ä"), "Value": "_.:/=+-@ ½".ljust(256, "字")} for number in range(50)]

    arn = put(make_chain(), Tags=tags)

    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


def test_the_fifty_first_tag_is_not_added(acm: Any, put: Callable[..., str]) -> None:
    arn = put(make_chain(), Tags=FIFTY)

    code, _ = refusal(acm.add_tags_to_certificate, CertificateArn=arn, Tags=[{"Key": "one too many"}])

    assert code == "TooManyTagsException"


def test_adding_a_tag_that_is_there_gives_it_the_new_value(acm: Any, put: Callable[..., str]) -> None:
    arn = put(make_chain(), Tags=FIFTY)

    acm.add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "key0", "Value": "new"}])

    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "key0", "Value": "new"}, *FIFTY[1:]]


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        ({"Key": "a"}, []),
        ({"Key": "a", "Value": "1"}, []),
        ({"Key": "a", "Value": "2"}, [{"Key": "a", "Value": "1"}]),
        ({"Key": "b"}, [{"Key": "a", "Value": "1"}]),
    ],
    ids=["by key", "by its value", "by another value", "another key"],
)
def test_a_tag_is_removed_if_what_is_named_of_it_is_so(
    acm: Any, put: Callable[..., str], removed: dict[str, str], left: list[dict[str, str]]
) -> None:
    arn = put(make_chain(), Tags=[{"Key": "a", "Value": "1"}])

    acm.remove_tags_from_certificate(CertificateArn=arn, Tags=[removed])

    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == left


def test_certificates_are_found_by_tag_through_the_tagging_api(server: StrictAcm, put: Callable[..., str]) -> None:
    tagging = boto3.client("resourcegroupstaggingapi", endpoint_url=server.url, config=UNCHECKED)
    put(make_chain(), Tags=[{"Key": "name", "Value": "other"}])
    arn = put(make_chain(), Tags=[{"Key": "name", "Value": "shop"}])

    found = tagging.get_resources(
        ResourceTypeFilters=["acm:certificate"], TagFilters=[{"Key": "name", "Values": ["shop"]}]
    )["ResourceTagMappingList"]

    assert found == [{"ResourceARN": arn, "Tags": [{"Key": "name", "Value": "shop"}]}]


def test_the_tagging_api_adds_and_removes_tags(server: StrictAcm, acm: Any, put: Callable[..., str]) -> None:
    tagging = boto3.client("resourcegroupstaggingapi", endpoint_url=server.url, config=UNCHECKED)
    arn = put(make_chain(), Tags=[{"Key": "a", "Value": "1"}])

    tagging.tag_resources(ResourceARNList=[arn], Tags={"b": "2"})
    tagging.untag_resources(ResourceARNList=[arn], TagKeys=["a"])

    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_the_tagging_api_has_the_same_refusals(server: StrictAcm, put: Callable[..., str]) -> None:
    tagging = boto3.client("resourcegroupstaggingapi", endpoint_url=server.url, config=UNCHECKED)
    arn = put(make_chain())

    code, _ = refusal(tagging.tag_resources, ResourceARNList=[arn], Tags={"aws:x": "1"})

    assert code == "ValidationException"
