"""The typed wrapper of ACM, against the strict ACM and answers that it does not give."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.aws.acm import Acm
from certkit.aws.roles import Role
from certkit.aws.sessions import Session
from certkit.errors import (
    AwsAuthError,
    AwsDeniedError,
    AwsRefusedError,
    AwsUnreachableError,
    ConfigurationError,
    UsageError,
)
from certkit.testing import Behaviour, KeyAlgorithmStyle
from tests.aws.faults import Edit, Page, Refusal, Rewrite
from tests.aws.scene import HOME, NOW
from tests.issuing import NOT_AFTER, NOT_BEFORE, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]


def pem_of(content: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(content).decode()}\n-----END CERTIFICATE-----\n"


def without(*names: str) -> Rewrite:
    """An answer of DescribeCertificate or ListCertificates that lacks members."""

    def change(answer: dict[str, Any]) -> None:
        for one in (answer.get("Certificate"), *answer.get("CertificateSummaryList", ())):
            for name in names if one else ():
                one.pop(name, None)

    return Rewrite(change)


@pytest.mark.parametrize("style", KeyAlgorithmStyle)
def test_a_summary_says_what_the_list_says(
    acm: Acm, server: StrictAcm, put: Callable[..., str], style: KeyAlgorithmStyle
) -> None:
    server.behaviour = Behaviour(key_algorithm_style=style)
    arn = put(make_chain(leaf=Request(sans=("shop.example.com", "www.example.com"), key=("RSA_2048", 0))))
    server.set_in_use(arn, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1")

    (summary,) = acm.summaries()

    assert (summary.arn, summary.domain, summary.kind, summary.status) == (
        arn,
        "shop.example.com",
        "IMPORTED",
        "ISSUED",
    )
    assert summary.sans == ("DNS:shop.example.com", "DNS:www.example.com")
    assert summary.key_algorithm == "RSA_2048"
    assert (summary.not_before, summary.not_after, summary.imported_at) == (NOT_BEFORE, NOT_AFTER, NOW)
    assert summary.in_use


def test_one_request_lists_a_thousand(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())

    list(acm.summaries())

    (sent,) = wire.sent
    assert sent.body["MaxItems"] == 1000
    assert len(sent.body["Includes"]["keyTypes"]) == 7


def test_certificates_without_a_domain_are_listed(acm: Acm, put: Callable[..., str]) -> None:
    put(make_chain(leaf=Request(common_name="-")))

    (summary,) = acm.summaries()

    assert (summary.domain, summary.sans) == (None, ())


def test_a_search_says_what_the_list_says_with_issuer_and_serial(
    acm: Acm, server: StrictAcm, put: Callable[..., str]
) -> None:
    issued = make_chain(leaf=Request(sans=("shop.example.com", "www.example.com"), serial=0x0A1B2C))
    arn = put(issued)
    server.set_in_use(arn, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1")

    (found,), (listed,) = acm.found(), acm.summaries()

    assert replace(found, serial=None, issuer=None) == listed
    assert (found.serial, found.issuer) == ("0a:1b:2c", issued.certificate.issuer.rfc4514_string())


def test_one_search_finds_five_hundred_in_one_request(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())

    list(acm.found())

    (sent,) = wire.sent
    assert (sent.operation, sent.body) == ("SearchCertificates", {"MaxResults": 500})


def test_nothing_is_found_where_there_is_nothing(acm: Acm, wire: Proxy) -> None:
    assert list(acm.found()) == []
    assert wire.operations == ["SearchCertificates"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnknownOperationException", "InvalidAction"])
def test_where_nobody_may_search_it_is_listed(acm: Acm, wire: Proxy, put: Callable[..., str], code: str) -> None:
    arn = put(make_chain())
    wire.always("SearchCertificates", Refusal(code))

    (found,) = acm.found()

    assert found.arn == arn
    assert wire.operations == ["SearchCertificates", "ListCertificates"]


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_who_is_nobody_is_not_asked_twice(acm: Acm, wire: Proxy, code: str) -> None:
    wire.always("SearchCertificates", Refusal(code))

    with pytest.raises(AwsAuthError, match="searching the certificates in us-east-1"):
        list(acm.found())

    assert wire.operations == ["SearchCertificates"]


def test_a_search_that_breaks_off_is_no_reason_to_list_everything_again(
    acm: Acm, wire: Proxy, put: Callable[..., str], server: StrictAcm
) -> None:
    server.behaviour = Behaviour(page_size=1)
    for _ in range(2):
        put(make_chain())
    wire.script("SearchCertificates", Rewrite(lambda _: None), Refusal("AccessDeniedException"))

    with pytest.raises(AwsDeniedError):
        list(acm.found())

    assert wire.operations == ["SearchCertificates"] * 2


def test_all_tags_are_read_in_bulk(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    named, other = put(make_chain(), certkit_name="shop", owner="web"), put(make_chain(), team="web")
    put(make_chain())

    tagged = dict(acm.tagged())

    assert tagged == {named: {"certkit:name": "shop", "owner": "web"}, other: {"team": "web"}}
    (sent,) = wire.sent
    assert (sent.body["ResourcesPerPage"], sent.body["ResourceTypeFilters"]) == (100, ["acm:certificate"])


def test_what_uses_a_certificate_is_known_to_describe(acm: Acm, server: StrictAcm, put: Callable[..., str]) -> None:
    arn = put(make_chain())
    server.set_in_use(arn, "arn:one", "arn:two")

    assert acm.in_use_by(arn) == ("arn:one", "arn:two")


def test_the_names_are_read_a_hundred_at_a_time(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    named = put(make_chain(), certkit_name="shop")
    put(make_chain(), team="web")

    names = acm.names()

    assert names == {named: "shop"}
    assert wire.sent[0].body["ResourcesPerPage"] == 100


def test_a_type_that_is_not_said_is_told_by_the_import(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain())
    wire.script("DescribeCertificate", without("Type"))
    wire.script("ListCertificates", without("Type"), without("Type", "ImportedAt"))

    kinds = [acm.record(arn).kind, *(summary.kind for _ in range(2) for summary in acm.summaries())]

    assert kinds == ["IMPORTED", "IMPORTED", ""]


def test_what_cannot_be_parsed_is_told_as_such(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain())
    wire.always("GetCertificate", Rewrite(lambda answer: answer.update(Certificate=pem_of(b"0\x03\x02\x01\x05"))))

    with pytest.raises(AwsRefusedError, match="cannot be parsed") as caught:
        acm.record(arn)

    assert caught.value.hint is not None
    assert acm.leaf_der(arn) == b"0\x03\x02\x01\x05"


def test_of_a_chain_only_what_can_be_parsed_is_read(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain())
    wire.script("GetCertificate", Rewrite(lambda answer: answer.update(CertificateChain=pem_of(b"0\x03\x02\x01\x05"))))

    record = acm.record(arn)

    assert record.chain == ()


@pytest.mark.parametrize("content", ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n", pem_of(b"a") * 2])
def test_an_answer_that_is_no_certificate_is_refused(
    acm: Acm, wire: Proxy, put: Callable[..., str], content: str
) -> None:
    arn = put(make_chain())
    wire.script("GetCertificate", Rewrite(lambda answer: answer.update(Certificate=content)))

    with pytest.raises(AwsRefusedError, match="ACM's answer"):
        acm.leaf_der(arn)


def test_a_denied_listing_is_told_as_such(acm: Acm, server: StrictAcm) -> None:
    server.deny("ListCertificates")

    with pytest.raises(AwsDeniedError, match="listing the certificates in us-east-1"):
        list(acm.summaries())


def test_a_session_says_who_the_caller_is(wire: Proxy) -> None:
    identity = Session().identity("eu-west-1")

    assert identity.account == "123456789012"
    assert wire.sent[0].scope[0] == HOME


def test_the_enabled_regions_are_asked_of_ec2(wire: Proxy) -> None:
    regions = Session().enabled_regions("eu-west-1")

    assert list(regions) == sorted(regions)
    assert {"us-east-1", "eu-west-1"} <= set(regions)
    assert (wire.operations, wire.sent[0].scope) == (["DescribeRegions"], (HOME, "ec2"))


@pytest.mark.parametrize("operation", ["GetCallerIdentity", "ListCertificates"])
def test_a_web_server_in_the_place_of_aws_is_no_answer(acm: Acm, wire: Proxy, operation: str) -> None:
    wire.always(operation, Page())

    with pytest.raises(AwsUnreachableError, match="the answer is none of AWS's"):
        print(Session().identity(HOME), list(acm.summaries()))  # noqa: T201 -- to have both asked


def test_certkit_says_who_it_is(wire: Proxy) -> None:
    Session().identity(HOME)

    assert "certkit/" in wire.sent[0].headers["User-Agent"]


def test_a_role_is_assumed_when_it_is_needed_and_only_once(wire: Proxy) -> None:
    session = Session(role=Role("arn:aws:iam::222222222222:role/certkit"))
    before = list(wire.operations)

    accounts = [session.identity(HOME).account for _ in range(2)]

    assert before == []
    assert accounts == ["222222222222"] * 2
    assert wire.operations == ["AssumeRole", "GetCallerIdentity", "GetCallerIdentity"]


def test_a_role_is_assumed_with_its_external_id_in_the_runs_name(wire: Proxy) -> None:
    role = Role("arn:aws:iam::222222222222:role/certkit", "k3x0", "0123abcd")

    identity = Session().assume(role).identity(HOME)

    assert identity.arn == "arn:aws:sts::222222222222:assumed-role/certkit/certkit-0123abcd"
    assert wire.operations == ["AssumeRole", "GetCallerIdentity"]


def test_assuming_a_role_leaves_the_caller_who_it_is(wire: Proxy) -> None:
    session = Session()

    others = [session.assume(Role(f"arn:aws:iam::{number * 12}:role/certkit")) for number in ("2", "3")]

    assert wire.operations == []
    accounts = [one.identity(HOME).account for one in (session, *others)]
    assert accounts == ["123456789012", "2" * 12, "3" * 12]


@pytest.mark.parametrize("run", ["", "r" * 100])
def test_a_roles_session_is_named_within_awss_limits(run: str) -> None:
    name = Role("arn:aws:iam::222222222222:role/certkit", None, run).session_name

    assert name.startswith("certkit")
    assert len(name) <= 64
    assert not name.endswith("-")


def test_a_role_is_assumed_again_before_it_expires(wire: Proxy) -> None:
    soon = f"<Expiration>{datetime.now(UTC) + timedelta(minutes=2):%Y-%m-%dT%H:%M:%SZ}</Expiration>".encode()
    wire.always("AssumeRole", Edit(lambda answer: re.sub(rb"<Expiration>.*</Expiration>", soon, answer)))
    session = Session(role=Role("arn:aws:iam::222222222222:role/certkit"))
    session.identity(HOME)
    wire.forget()

    session.identity(HOME)

    assert wire.operations == ["AssumeRole", "GetCallerIdentity"]


def test_a_client_of_an_impossible_region_is_refused(server: StrictAcm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    with pytest.raises(UsageError, match="that is no region"):
        Acm(Session(), "no where")

    assert server.url


def test_a_client_of_an_impossible_endpoint_is_refused(server: StrictAcm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")

    with pytest.raises(ConfigurationError, match="invalid endpoint: nowhere"):
        Acm(Session(), HOME)

    assert server.url


def test_roles_are_assumed_by_the_caller_and_a_role_of_a_role_by_that_role(wire: Proxy) -> None:
    caller = Session()
    roles = [Role(f"arn:aws:iam::{digit * 12}:role/certkit") for digit in "234"]
    first, second = caller.assume(roles[0]), caller.assume(roles[1])
    third = first.assume(roles[2])

    accounts = [session.identity(HOME).account for session in (first, second, third, caller)]

    signers = [
        sent.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        for sent in wire.sent
        if sent.operation == "AssumeRole"
    ]
    assert accounts == ["2" * 12, "3" * 12, "4" * 12, "123456789012"]
    assert signers[0] == signers[1] != signers[2]
