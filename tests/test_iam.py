"""The evaluator that the tests of the policies rely on, held to AWS's documentation of what policies mean."""

from __future__ import annotations

from typing import Any

import pytest

from tests.iam import Request, is_allowed, tagged

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/1"


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"} | one for one in statements],
    }


def _conditional(**condition: Any) -> dict[str, Any]:
    return _policy({"Condition": {name.replace("_", ":"): block for name, block in condition.items()}})


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ((), False),
        (({},), True),
        (({"Effect": "Deny"},), False),
        (({}, {"Effect": "Deny"}), False),
        (({}, {"Effect": "Deny", "Action": "acm:Other"}), True),
        (({"Action": "acm:List"},), False),
        (({"Action": "ACM:listcertificates"},), True),
        (({"Action": ["ec2:*", "acm:List*"]},), True),
        (({"Resource": "arn:aws:acm:*:111122223333:certificate/*"},), True),
        (({"Resource": "arn:aws:acm:*:111122223333:certificate/?"},), True),
        (({"Resource": "arn:aws:acm:*:111122223333:certificate/??"},), False),
        (({"Resource": "arn:aws:acm:*:111122223333:certificate/${*}"},), False),
        (({"Resource": "ARN:aws:acm:us-east-1:111122223333:certificate/1"},), False),
        (({"Resource": "arn.aws:acm:us-east-1:111122223333:certificate/1"},), False),
    ],
)
def test_what_one_statement_allows_and_none_denies_is_allowed(
    statements: tuple[dict[str, Any], ...], allowed: bool
) -> None:
    assert is_allowed(_policy(*statements), Request("acm:ListCertificates", ARN)) is allowed


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"Null": {"aws:ResourceTag/n": "false"}}, {"n": "x"}, True),
        ({"Null": {"aws:ResourceTag/n": "false"}}, {"m": "x"}, False),
        ({"Null": {"aws:ResourceTag/n": "true"}}, {"m": "x"}, True),
        ({"Null": {"aws:ResourceTag/n": "true"}}, {"N": "x"}, False),
        ({"Null": {"aws:ResourceTag/n": "false", "aws:ResourceTag/m": "false"}}, {"n": "x"}, False),
        ({"StringEquals": {"aws:ResourceTag/n": ["a", "x"]}}, {"n": "x"}, True),
        ({"StringEquals": {"aws:ResourceTag/n": "x*"}}, {"n": "xy"}, False),
        ({"StringEquals": {"aws:ResourceTag/n": "x"}}, {}, False),
        ({"StringLike": {"aws:ResourceTag/n": "x*"}}, {"n": "xy"}, True),
        ({"StringLike": {"aws:ResourceTag/n": "x*"}, "Null": {"aws:ResourceTag/m": "false"}}, {"n": "xy"}, False),
    ],
)
def test_every_condition_must_hold(condition: dict[str, Any], context: dict[str, str], allowed: bool) -> None:
    request = Request("acm:ImportCertificate", ARN, tagged("ResourceTag", context))

    assert is_allowed(_conditional(**condition), request) is allowed


@pytest.mark.parametrize(("keys", "allowed"), [(("lock#1", "open#1"), True), (("lock#1", "name#1"), False), ((), True)])
def test_of_several_values_all_must_fit_and_none_do(keys: tuple[str, ...], allowed: bool) -> None:
    policy = _conditional(ForAllValues_StringLike={"dynamodb:LeadingKeys": ["lock#*", "open#*"]})

    assert is_allowed(policy, Request("dynamodb:DeleteItem", ARN, {"dynamodb:LeadingKeys": keys})) is allowed


@pytest.mark.parametrize(("names", "allowed"), [(("alias/a", "alias/b"), True), (("alias/b",), False), ((), False)])
def test_of_several_values_one_is_enough_where_any_may_fit(names: tuple[str, ...], allowed: bool) -> None:
    policy = _conditional(ForAnyValue_StringEquals={"kms:ResourceAliases": ["alias/a"]})

    assert is_allowed(policy, Request("kms:Decrypt", ARN, {"kms:ResourceAliases": names})) is allowed


@pytest.mark.parametrize("statement", [{"NotAction": "x"}, {"Condition": {"ForNoValue:StringLike": {"a": "b"}}}])
def test_what_it_does_not_know_it_does_not_judge(statement: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        is_allowed(_policy(statement), Request("acm:ListCertificates", ARN))
