"""What was seen, put in order, and what could not be, told in few lines."""

from datetime import timedelta

from certkit.errors import AwsAuthError, AwsDeniedError, AwsUnreachableError
from certkit.expiry import DEFAULT
from certkit.inventory import Coverage, Inventory, State, gather, is_expiring, problems, unseen
from tests.aws.scene import ACCOUNT, NOW, OTHER
from tests.listing import listed, sight

CLOSED = (
    "listing the certificates in {}: AccessDenied: not authorized with an explicit deny in a service control policy"
)


def denied(account: str, region: str, reason: str) -> Coverage:
    return Coverage(account, region, State.DENIED, reason.format(region))


def lines(*coverage: Coverage) -> list[str]:
    return list(problems(Inventory((), coverage, NOW)))


def test_the_soonest_end_comes_first_and_no_end_last() -> None:
    late, soon, never = listed(left=90), listed(left=2), listed(left=None)

    inventory = gather([sight(late, never), sight(soon)], NOW)

    assert inventory.certificates == (soon, late, never)


def test_places_stand_in_the_order_of_account_and_region_however_they_come() -> None:
    first, second, third = (
        Coverage(ACCOUNT, "a-b-1", State.SEEN),
        Coverage(OTHER, "a-a-1", State.SEEN),
        sight(source="x"),
    )

    inventory = gather([third, sight(coverage=second), sight(coverage=first)], NOW)

    assert inventory.coverage == (first, second, third.coverage)


def test_what_denies_is_told_from_what_fails() -> None:
    errors = (AwsDeniedError("no"), AwsAuthError("who?"), AwsUnreachableError("nothing"))

    states = [unseen(ACCOUNT, "us-east-1", error).coverage.state for error in errors]

    assert states == [State.DENIED, State.DENIED, State.FAILED]


def test_regions_closed_by_policy_share_a_line_over_all_accounts() -> None:
    closed = [denied(account, region, CLOSED) for account in (ACCOUNT, OTHER) for region in ("eu-north-1", "sa-east-1")]

    (line,) = lines(Coverage(ACCOUNT, "us-east-1", State.SEEN), *closed)

    assert line.startswith(
        "eu-north-1, sa-east-1 of 2 accounts were not seen, closed by policy: listing the certificates"
    )


def test_the_same_reason_is_told_once_whatever_it_says_of_region_account_and_caller() -> None:
    reason = "listing in {}: AccessDenied: arn:aws:sts::%s:assumed-role/reader/x may not"
    places = [
        denied(account, region, reason % account)
        for account in (ACCOUNT, OTHER)
        for region in ("eu-west-1", "eu-west-2")
    ]

    told = lines(*places)

    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/x"
    assert told == [
        f"eu-west-1, eu-west-2 of 2 accounts were not seen: listing in eu-west-1: AccessDenied: {caller} may not"
    ]


def test_the_only_account_is_not_named() -> None:
    told = lines(Coverage(ACCOUNT, "us-east-1", State.SEEN), Coverage(ACCOUNT, "eu-west-1", State.FAILED, "no answer"))

    assert told == ["eu-west-1 was not seen: no answer"]


def test_names_that_could_not_be_read_are_a_problem_of_a_region_that_was_seen() -> None:
    inventory = Inventory((), (Coverage(ACCOUNT, "us-east-1", State.SEEN, "denied", has_names=False),), NOW)

    assert list(problems(inventory)) == ["us-east-1: the names could not be read: denied"]
    assert inventory.is_complete


def test_sources_have_a_line_each() -> None:
    failed = [Coverage(None, None, State.FAILED, "not there", source=name) for name in ("a.pem", "b.pem")]

    assert lines(*failed) == ["a.pem was not seen: not there", "b.pem was not seen: not there"]


def test_what_was_never_issued_is_not_expiring() -> None:
    assert not is_expiring(listed(left=None), NOW + timedelta(days=9_999), DEFAULT)
    assert is_expiring(listed(lived=60, left=30), NOW, DEFAULT)
    assert not is_expiring(listed(lived=60, left=31), NOW, DEFAULT)
