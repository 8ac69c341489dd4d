"""ACM's rules on tags, checked before anything is sent."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certkit import tags
from certkit.errors import UsageError
from certkit.testing import StrictAcm
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from tests.issuing import make_chain
from tests.testing.conftest import UNCHECKED


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {}),
        (["env=prod", "team=web"], {"env": "prod", "team": "web"}),
        (["Key=env,Value=prod"], {"env": "prod"}),
        (["Key=a=b,Value=c,d=e"], UsageError),
        (["Key=env,Value="], {"env": ""}),
        (["Key=env"], {"Key": "env"}),
        (["env="], {"env": ""}),
        (["url=https://a.example:443/b=c@d"], {"url": "https://a.example:443/b=c@d"}),
        (["Größe=5 €", "名前=店"], UsageError),
        (["Größe=fünf", "名前=店"], {"Größe": "fünf", "名前": "店"}),
        (["env"], UsageError),
        (["=prod"], UsageError),
        (["env=a", "env=b"], UsageError),
        (["certkit:name=shop"], UsageError),
        (["Key=certkit:sha256,Value=1"], UsageError),
        (["aws:owner=me"], UsageError),
        (["AWS:owner=me"], UsageError),
        (["owner=aws:me"], UsageError),
        (["a,b=c"], UsageError),
        (["a=b*"], UsageError),
        (["a=b\nc"], UsageError),
    ],
)
def test_tags_are_read_in_both_forms_and_checked(arguments: list[str], expected: Any) -> None:
    if expected is UsageError:
        with pytest.raises(UsageError):
            tags.parse(arguments)
    else:
        assert tags.parse(arguments) == expected


@pytest.mark.parametrize(
    ("given_tags", "message"),
    [
        ({str(number): "" for number in range(51)}, "there are 51 tags, and ACM takes 50"),
        ({"k" * 129: ""}, f"the key of the tag '{'k' * 129}' has 129 characters, and ACM takes 128"),
        ({"k": "v" * 257}, "the value of the tag 'k' has 257 characters, and ACM takes 256"),
        ({"": "v"}, "a tag has an empty key"),
        ({"aws:k": "v"}, "the key 'aws:k' of the tag 'aws:k' begins with aws:, which is for AWS alone"),
        ({"k": "a;b,a"}, "the value 'a;b,a' of the tag 'k' holds ',' ';', which ACM does not take in tags"),
    ],
)
def test_a_tag_that_acm_would_refuse_is_told_with_the_reason(given_tags: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        tags.check(given_tags)

    assert caught.value.message == message


def test_tags_at_acms_limits_are_taken() -> None:
    tags.check({f"{number:0128d}": "ü" * 256 for number in range(50)})


@pytest.mark.parametrize("name", ["shop", "shop prod_1.a:b/c=d+e-f@g", "店", "n" * 256])
def test_a_name_may_be_whatever_a_tags_value_may_be(name: str) -> None:
    tags.check_name(name)


@pytest.mark.parametrize("name", ["", "  ", "shop*", "a\tb", "aws:shop", "n" * 257])
def test_a_name_that_cannot_stand_in_a_tag_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        tags.check_name(name)


@pytest.fixture
def tag(strict_acm: StrictAcm) -> Any:  # noqa: F811 -- the fixture
    """Tags a certificate in the strict ACM, and takes the tag away again."""
    client: Any = boto3.client("acm", endpoint_url=strict_acm.url, config=UNCHECKED)
    issued = make_chain()
    arn = client.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)["CertificateArn"]

    def is_taken(key: str, value: str) -> bool:
        tagged = [{"Key": key, "Value": value}]
        try:
            client.add_tags_to_certificate(CertificateArn=arn, Tags=tagged)
        except ClientError:
            return False
        client.remove_tags_from_certificate(CertificateArn=arn, Tags=tagged)
        return True

    return is_taken


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(
    ["aws:", "a" * 128, "a" * 129, "v" * 257]
)


@given(key=ODD, value=ODD)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_certkit_and_the_strict_acm_take_the_same_tags(tag: Any, key: str, value: str) -> None:
    try:
        tags.check({key: value})
        is_sound = True
    except UsageError:
        is_sound = False

    assert tag(key, value) is is_sound


def test_certkits_own_tags_are_not_the_users_to_set() -> None:
    with pytest.raises(UsageError) as caught:
        tags.check_own({"env": "prod", "certkit:name": "shop"})

    assert caught.value.message == "the tag 'certkit:name' is certkit's own"
