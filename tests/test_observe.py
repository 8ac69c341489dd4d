"""What is found in ACM for a desired certificate, and how much is asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest

from certkit.assembly import encode_parts
from certkit.certificate import fingerprint
from certkit.errors import AmbiguousError, AwsDeniedError, AwsRefusedError, ReimportIncompatibleError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.memory import Memory
from certkit.observe import observe
from certkit.plan import wanted_tags
from certkit.testing import Behaviour
from tests.aws.faults import Refusal, Rewrite
from tests.aws.scene import ACCOUNT, HOME, NOW, desired_of, held, renewed
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.aws.acm import Acm
    from certkit.plan import Observed
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

UNSEEN = Rewrite(lambda answer: answer.update(ResourceTagMappingList=[]))
LATER = NOW + timedelta(days=30)
"""When no index lags any more."""


def arns(observed: Observed) -> tuple[list[str], list[str]]:
    """The ARNs of one's own and of strangers."""
    return [record.arn for record in observed.own], [record.arn for record in observed.strangers]


def others(count: int) -> list[Issued]:
    """Certificates of other names and lifetimes."""
    return [
        make_chain(leaf=Request(f"other-{number}.example.com", not_before=NOW - timedelta(days=1 + number)))
        for number in range(count)
    ]


def test_the_index_finds_by_name_and_acm_confirms(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    issued = make_chain()
    arn = put(issued, certkit_name="shop", team="web")
    put(make_chain(), certkit_name="other")

    observed = observe(acm, desired_of(renewed()), NOW)

    assert arns(observed) == ([arn], [])
    assert observed.own[0].tags == {"certkit:name": "shop", "team": "web"}
    assert fingerprint(observed.own[0].leaf) == issued.sha256
    assert "ListCertificates" not in wire.operations


def test_what_a_ledger_remembers_is_found_without_the_index(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain(leaf=Request("before.example.com")), certkit_name="shop")
    wire.always("GetResources", UNSEEN)
    memory = Memory(held=((arn, "0"), (arn.replace("certificate/", "certificate/0"), "0")), made=frozenset({arn}))
    wire.forget()

    observed = observe(acm, desired_of(renewed()), LATER, memory)

    assert arns(observed) == ([arn], [])
    assert observed.made == {arn}
    assert "ListCertificates" not in wire.operations


def test_what_a_ledger_remembers_counts_only_while_it_has_the_name(acm: Acm, put: Callable[..., str]) -> None:
    arn = put(make_chain(leaf=Request("before.example.com")), certkit_name="renamed")

    observed = observe(acm, desired_of(renewed()), LATER, Memory(held=((arn, "0"),)))

    assert arns(observed) == ([], [])


def test_what_the_index_still_has_and_acm_no_longer_is_not_there(
    acm: Acm, wire: Proxy, put: Callable[..., str], server: StrictAcm
) -> None:
    arn = put(make_chain(), certkit_name="shop")
    gone = {"ResourceARN": arn, "Tags": [{"Key": "certkit:name", "Value": "shop"}]}
    server.backend().delete(arn)
    wire.always("GetResources", Rewrite(lambda answer: answer.update(ResourceTagMappingList=[gone])))

    observed = observe(acm, desired_of(make_chain()), NOW)

    assert arns(observed) == ([], [])


def test_a_name_that_acm_no_longer_confirms_does_not_count(
    acm: Acm, put: Callable[..., str], server: StrictAcm
) -> None:
    put(make_chain(leaf=Request("renamed.example.com")), certkit_name="shop")
    server.behaviour = Behaviour(index_lag_calls=100)
    client = boto3.client("acm", endpoint_url=server.url)
    (arn,) = server.backend()._records
    client.add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "certkit:name", "Value": "renamed"}])

    observed = observe(acm, desired_of(make_chain()), NOW)

    assert arns(observed) == ([], [])


@pytest.mark.parametrize("imported_at", [NOW, None])
def test_a_recent_import_that_the_index_does_not_have_yet_is_found_by_its_tag(
    acm: Acm, wire: Proxy, put: Callable[..., str], imported_at: object
) -> None:
    arn = put(make_chain(leaf=Request("before.example.com")), certkit_name="shop")
    wire.always("GetResources", UNSEEN)
    if imported_at is None:
        wire.always("ListCertificates", Rewrite(lambda answer: answer["CertificateSummaryList"][0].pop("ImportedAt")))

    observed = observe(acm, desired_of(make_chain(leaf=Request("after.example.com"))), NOW)

    assert arns(observed) == ([arn], [])


def test_an_old_import_that_the_index_does_not_have_is_found_by_a_name_in_common(
    acm: Acm, wire: Proxy, put: Callable[..., str]
) -> None:
    arn = put(make_chain(leaf=Request("Shop.example.com")), certkit_name="shop")
    wire.always("GetResources", UNSEEN)

    observed = observe(acm, desired_of(renewed()), LATER)

    assert arns(observed) == ([arn], [])


def test_the_same_leaf_is_found_without_a_name_in_it(acm: Acm, put: Callable[..., str]) -> None:
    issued = make_chain(leaf=Request("no domain"))
    arn = put(issued)

    observed = observe(acm, desired_of(issued), LATER)

    assert arns(observed) == ([], [arn])


def test_another_leaf_of_the_same_lifetime_is_no_stranger(acm: Acm, put: Callable[..., str]) -> None:
    put(make_chain())

    observed = observe(acm, desired_of(make_chain()), LATER)

    assert arns(observed) == ([], [])


def test_certificates_of_amazons_are_not_looked_at(acm: Acm, amazon_issued: str, wire: Proxy) -> None:
    observed = observe(acm, desired_of(make_chain()), NOW)

    assert amazon_issued
    assert arns(observed) == ([], [])
    assert set(wire.operations) == {"GetResources", "ListCertificates"}


def test_of_a_large_estate_only_what_could_be_meant_is_looked_at(
    acm: Acm, wire: Proxy, put: Callable[..., str]
) -> None:
    """2,500 certificates, two requests for each of them at 10 a second, would be eight minutes for every import."""
    for number, issued in enumerate(others(30)):
        put(issued, certkit_name=f"other-{number}")
    wire.forget()

    observed = observe(acm, desired_of(make_chain()), NOW)

    assert arns(observed) == ([], [])
    assert wire.operations == ["GetResources", "ListCertificates", "GetResources"]


def test_an_estate_without_recent_imports_needs_no_second_look_at_the_index(
    acm: Acm, wire: Proxy, put: Callable[..., str]
) -> None:
    for issued in others(3):
        put(issued)

    observe(acm, desired_of(make_chain()), LATER)

    assert wire.operations == ["GetResources", "ListCertificates"]


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "RequestInProgressException"])
@pytest.mark.parametrize("operation", ["ListTagsForCertificate", "GetCertificate"])
def test_a_candidate_that_goes_away_meanwhile_is_none(
    acm: Acm, wire: Proxy, put: Callable[..., str], operation: str, code: str
) -> None:
    issued = make_chain()
    put(issued)
    wire.always(operation, Refusal(code))

    observed = observe(acm, desired_of(issued), NOW)

    assert arns(observed) == ([], [])


@pytest.mark.parametrize("operation", ["ListTagsForCertificate", "GetCertificate", "DescribeCertificate"])
def test_a_candidate_that_cannot_be_looked_at_is_an_error(
    acm: Acm, wire: Proxy, put: Callable[..., str], operation: str
) -> None:
    issued = make_chain()
    put(issued)
    wire.always(operation, Refusal("ValidationException"))

    with pytest.raises(AwsRefusedError, match="ValidationException"):
        observe(acm, desired_of(issued), NOW)


def test_a_stranger_that_cannot_be_parsed_stops_nobody(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())
    odd = "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n"
    wire.always("GetCertificate", Rewrite(lambda answer: answer.update(Certificate=odd)))

    observed = observe(acm, desired_of(make_chain()), NOW)

    assert arns(observed) == ([], [])


def test_a_denied_index_is_an_error(acm: Acm, wire: Proxy) -> None:
    wire.always("GetResources", Refusal("AccessDeniedException"))

    with pytest.raises(AwsDeniedError, match="looking up the names"):
        observe(acm, desired_of(make_chain()), NOW)


def test_an_arn_is_looked_at_alone(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain(), certkit_name="shop")

    observed = observe(acm, desired_of(make_chain(), arn=arn), NOW)

    assert arns(observed) == ([arn], [])
    assert wire.operations == ["DescribeCertificate", "GetCertificate", "ListTagsForCertificate"]


def test_an_arn_is_not_given_a_name_that_another_has(acm: Acm, put: Callable[..., str]) -> None:
    named, arn = put(make_chain(), certkit_name="shop"), put(make_chain(), certkit_name="other")

    with pytest.raises(AmbiguousError, match=f"{named} is called 'shop' already, and {arn} is not"):
        observe(acm, desired_of(make_chain(), arn=arn), NOW)


def test_an_arn_without_a_wanted_name_is_looked_at_whatever_others_are_called(
    acm: Acm, put: Callable[..., str]
) -> None:
    put(make_chain(), certkit_name="shop")
    arn = put(make_chain())

    observed = observe(acm, desired_of(make_chain(), arn=arn, name=None), NOW)

    assert arns(observed) == ([arn], [])


def test_an_arn_that_is_not_there_is_a_usage_error(acm: Acm) -> None:
    arn = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"

    with pytest.raises(UsageError, match=f"there is no certificate {arn}"):
        observe(acm, desired_of(make_chain(), arn=arn), NOW)


def test_an_arn_under_which_nothing_was_issued_cannot_be_replaced(acm: Acm, wire: Proxy, amazon_issued: str) -> None:
    wire.always("GetCertificate", Refusal("RequestInProgressException"))

    with pytest.raises(ReimportIncompatibleError, match="nothing has been issued"):
        observe(acm, desired_of(make_chain(), arn=amazon_issued), NOW)


def test_an_arn_that_cannot_be_looked_at_is_an_error(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    arn = put(make_chain())
    wire.always("DescribeCertificate", Refusal("InvalidArnException"))

    with pytest.raises(AwsRefusedError, match="InvalidArnException"):
        observe(acm, desired_of(make_chain(), arn=arn), NOW)


def test_time_passes_for_the_lag_of_the_index(
    acm: Acm, clock: SettableClock, put: Callable[..., str], server: StrictAcm
) -> None:
    server.behaviour = Behaviour(index_lag=timedelta(minutes=5))
    arn = put(make_chain(), certkit_name="shop")
    hidden = observe(acm, desired_of(renewed()), clock())

    clock.advance(timedelta(minutes=6))
    seen = observe(acm, desired_of(renewed()), clock())

    assert (arns(hidden), arns(seen)) == (([], []), ([arn], []))


def test_the_one_whose_place_is_to_be_taken_is_not_found_for_what_takes_it(acm: Acm, put: Callable[..., str]) -> None:
    old = put(make_chain(), certkit_name="shop")
    new = make_chain(leaf=Request(key=("EC_secp384r1", 0)))

    before = observe(acm, desired_of(new, follows=old), NOW)
    arn = put(new, certkit_name="shop", certkit_follows=old)
    after = observe(acm, desired_of(new, follows=old), NOW)

    assert (arns(before), arns(after)) == (([], []), ([arn], []))


# Of many new ones in one region.


def test_those_of_one_lifetime_are_looked_at_once_in_a_run(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    """200 new ones of one batch were 20,000 GetCertificate, each of them being compared with all before it."""
    for _ in range(4):
        put(make_chain())
    wire.forget()

    for number in range(5):
        observe(acm, desired_of(make_chain(), name=f"new-{number}"), LATER)

    assert wire.operations.count("GetCertificate") == 4
    assert wire.operations.count("ListCertificates") == 5


def test_one_that_was_replaced_meanwhile_is_looked_at_again(
    acm: Acm, clock: SettableClock, put: Callable[..., str], server: StrictAcm
) -> None:
    arn, issued = put(make_chain()), make_chain()
    before = observe(acm, desired_of(issued), LATER)
    clock.advance(timedelta(minutes=1))
    client = boto3.client("acm", endpoint_url=server.url)
    client.import_certificate(
        CertificateArn=arn, Certificate=issued.pem, PrivateKey=issued.key_pem, CertificateChain=issued.chain_pem
    )

    after = observe(acm, desired_of(issued), LATER)

    assert (arns(before), arns(after)) == (([], []), ([], [arn]))


def test_candidates_are_looked_at_no_faster_than_acm_allows(
    acm: Acm, clock: SettableClock, put: Callable[..., str], server: StrictAcm
) -> None:
    for _ in range(15):
        put(make_chain())
    server.behaviour = Behaviour(requests_per_second={"GetCertificate": 10, "ListTagsForCertificate": 10})
    start = clock()

    observe(acm, desired_of(make_chain()), NOW)

    assert clock() - start < timedelta(seconds=30 * 0.11)


def test_the_names_of_a_region_are_looked_up_once_in_some_minutes(
    acm: Acm, clock: SettableClock, wire: Proxy, put: Callable[..., str]
) -> None:
    for number, issued in enumerate(others(3)):
        put(issued, certkit_name=f"other-{number}")
    wire.forget()

    for _ in range(3):
        observe(acm, desired_of(make_chain()), NOW)
    within = wire.operations.count("GetResources")
    clock.advance(timedelta(minutes=6))
    observe(acm, desired_of(make_chain()), NOW)

    assert (within, wire.operations.count("GetResources")) == (3 + 1, 4 + 2)


def test_what_is_only_planned_goes_by_one_list(acm: Acm, wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain(leaf=Request("before.example.com")))
    wire.forget()

    for number in range(3):
        observe(acm, desired_of(make_chain(), name=f"new-{number}"), LATER, is_fresh=False)
    planned = wire.operations.count("ListCertificates")
    observe(acm, desired_of(make_chain()), LATER)

    assert (planned, wire.operations.count("ListCertificates")) == (1, 2)


@pytest.mark.parametrize(("name", "expected"), [("shop", (1, 0)), ("blog", (0, 1))])
def test_what_the_run_itself_imported_is_known_before_any_index_shows_it(
    acm: Acm, wire: Proxy, server: StrictAcm, name: str, expected: tuple[int, int]
) -> None:
    server.behaviour = Behaviour(index_lag=timedelta(hours=1))
    desired = desired_of(make_chain())
    acm.import_new(encode_parts(desired.bundle, KeyFormat.PKCS8), wanted_tags(desired))
    wire.forget()

    observed = observe(acm, replace(desired, name=name), NOW)

    assert tuple(map(len, arns(observed))) == expected
    assert wire.operations[:2] == ["GetResources", "ListCertificates"]


def test_what_the_run_itself_imported_needs_no_look(acm: Acm, wire: Proxy) -> None:
    for number in range(3):
        desired = desired_of(make_chain(), name=f"shop-{number}")
        acm.import_new(encode_parts(desired.bundle, KeyFormat.PKCS8), wanted_tags(desired))
    wire.forget()

    observe(acm, desired_of(make_chain(), name="another"), NOW)

    assert wire.operations == ["GetResources", "ListCertificates"]


@pytest.mark.parametrize("change", ["replaced", "deleted", "renamed", "unnamed"])
def test_what_the_run_itself_has_changed_since_is_looked_at(
    acm: Acm, wire: Proxy, server: StrictAcm, change: str
) -> None:
    first, second = desired_of(make_chain()), desired_of(make_chain())
    arn, _ = acm.import_new(encode_parts(first.bundle, KeyFormat.PKCS8), wanted_tags(first))
    observe(acm, desired_of(make_chain(), name="another"), NOW)
    wire.always("GetResources", UNSEEN)

    if change == "replaced":
        acm.reimport(arn, encode_parts(second.bundle, KeyFormat.PKCS8))
    elif change == "deleted":
        acm.delete(arn)
    elif change == "renamed":
        acm.add_tags(arn, {"certkit:name": "blog"})
    else:
        acm.remove_tags(arn, ["certkit:name"])
    found = {name: arns(observe(acm, replace(second, name=name), NOW)) for name in ("shop", "blog")}

    assert (
        found
        == {
            "replaced": {"shop": ([arn], []), "blog": ([], [arn])},
            "deleted": {"shop": ([], []), "blog": ([], [])},
            "renamed": {"shop": ([], []), "blog": ([arn], [])},
            "unnamed": {"shop": ([], []), "blog": ([], [])},
        }[change]
    )
    assert len(held(server)) == (change != "deleted")
