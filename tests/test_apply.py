"""What comes of an action, and what is not believed before ACM shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from certkit.apply import apply_action
from certkit.errors import AwsDeniedError, AwsRefusedError
from certkit.observe import observe
from certkit.patience import Patience
from certkit.plan import Import, Reimport, make_plan
from certkit.testing import Behaviour
from tests.aws.faults import THROTTLE, Fault, Refusal, Rewrite
from tests.aws.scene import NOW, desired_of, held, renewed
from tests.issuing import Request, make_chain, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.aws.acm import Acm
    from certkit.plan import Action, Desired
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]


@dataclass(slots=True)
class Waiting:
    """A clock that only waiting moves."""

    time: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def patience(self, seconds: float = 60.0) -> Patience:
        """How to wait on this clock."""
        return Patience(seconds, lambda: self.time, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


@pytest.fixture
def waiting() -> Waiting:
    """A clock that stands."""
    return Waiting()


def plan_of(acm: Acm, desired: Desired) -> Action:
    """The action that makes it so."""
    return make_plan([(desired, observe(acm, desired, NOW))]).actions[0]


def test_what_acm_shows_at_once_needs_no_waiting(acm: Acm, wire: Proxy, waiting: Waiting) -> None:
    action = Import(desired_of(make_chain()), {"certkit:name": "shop"})

    result = apply_action(acm, action, waiting.patience())

    assert (result.action, result.error, waiting.pauses) == ("imported", None, [])
    assert wire.operations == [
        "ImportCertificate",
        "DescribeCertificate",
        "GetCertificate",
        "ListTagsForCertificate",
    ]


def test_waiting_is_up_to_a_minute_of_the_real_clock_unless_said_otherwise(acm: Acm) -> None:
    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}))

    assert (result.action, Patience().seconds) == ("imported", 60.0)


@pytest.mark.parametrize(
    ("operation", "step"),
    [
        ("DescribeCertificate", Refusal("ResourceNotFoundException")),
        ("GetCertificate", Refusal("RequestInProgressException")),
        ("DescribeCertificate", Rewrite(lambda answer: answer["Certificate"].update(Status="PENDING_VALIDATION"))),
        ("GetCertificate", Rewrite(lambda answer: answer.pop("CertificateChain"))),
    ],
)
def test_what_acm_shows_later_is_waited_for(
    acm: Acm, wire: Proxy, waiting: Waiting, operation: str, step: Refusal | Rewrite
) -> None:
    wire.script(operation, step, step, step, step, step)

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert (result.action, result.error) == ("imported", None)
    assert waiting.pauses == [0.2, 0.5, 1.0, 2.0, 2.0]


def test_another_leaf_than_the_one_given_fails_at_the_deadline(acm: Acm, wire: Proxy, waiting: Waiting) -> None:
    other = make_chain()
    wire.always("GetCertificate", Rewrite(lambda answer: answer.update(Certificate=other.pem.decode())))

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert (result.action, result.arn) == ("failed", wire.sent[-1].body["CertificateArn"])
    assert isinstance(result.error, AwsRefusedError)
    assert (
        result.error.message == f"{result.arn}: after 60 s ACM shows another certificate than the one that it was given"
    )
    assert 57 < waiting.time <= 60


def test_a_certificate_that_is_never_issued_fails_at_the_deadline(acm: Acm, wire: Proxy, waiting: Waiting) -> None:
    wire.always("DescribeCertificate", Rewrite(lambda answer: answer["Certificate"].update(Status="FAILED")))

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience(90))

    assert result.error is not None
    assert result.error.message == f"{result.arn}: after 90 s ACM calls it FAILED, not ISSUED"
    assert 87 < waiting.time <= 90


def test_a_chain_that_a_reimport_leaves_behind_is_not_taken_for_the_new_one(
    acm: Acm, server: StrictAcm, put: Callable[..., str], waiting: Waiting
) -> None:
    server.behaviour = Behaviour(reimport_keeps_chain=True)
    arn = put(make_chain(), certkit_name="shop")
    action = plan_of(acm, desired_of(self_signed(Request())))

    result = apply_action(acm, action, waiting.patience(5))

    assert (result.action, result.arn) == ("failed", arn)
    assert result.error is not None
    assert "another chain" in result.error.message


@pytest.mark.parametrize("step", [THROTTLE, Fault.ERROR_BEFORE])
def test_a_look_that_has_no_answer_does_not_undo_the_import(
    acm: Acm, wire: Proxy, waiting: Waiting, step: Refusal | Fault
) -> None:
    wire.script("DescribeCertificate", *[step] * 6)

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert (result.action, waiting.pauses) == ("imported", [0.2])


def test_looks_that_never_have_an_answer_fail_with_the_arn(
    acm: Acm, server: StrictAcm, wire: Proxy, waiting: Waiting
) -> None:
    wire.always("DescribeCertificate", THROTTLE)

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience(1))

    assert (result.action, [result.arn]) == ("failed", list(held(server)))
    assert result.error is not None
    assert "ACM does not say what it holds" in result.error.message


def test_a_caller_who_may_not_look_is_told_with_the_arn(acm: Acm, server: StrictAcm, waiting: Waiting) -> None:
    server.deny("DescribeCertificate")

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert ([result.arn], waiting.pauses) == (list(held(server)), [])
    assert isinstance(result.error, AwsDeniedError)


def test_a_refused_look_is_an_error(acm: Acm, wire: Proxy, waiting: Waiting) -> None:
    wire.script("DescribeCertificate", Refusal("InvalidArnException"))

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert isinstance(result.error, AwsRefusedError)


def test_a_refused_import_has_no_arn(acm: Acm, wire: Proxy, waiting: Waiting) -> None:
    wire.script("ImportCertificate", Refusal("ValidationException"))

    result = apply_action(acm, Import(desired_of(make_chain()), {"certkit:name": "shop"}), waiting.patience())

    assert (result.action, result.arn, result.previous_sha256) == ("failed", None, None)


def test_a_refused_reimport_says_what_still_stands_there(
    acm: Acm, wire: Proxy, put: Callable[..., str], waiting: Waiting
) -> None:
    old = make_chain()
    arn = put(old, certkit_name="shop")
    action = plan_of(acm, desired_of(renewed()))
    wire.script("ImportCertificate", Refusal("ValidationException"))

    result = apply_action(acm, action, waiting.patience())

    assert (result.action, result.arn, result.previous_sha256) == ("failed", arn, old.sha256)
    assert "AddTagsToCertificate" not in wire.operations


def test_a_reimport_without_other_tags_is_one_write(
    acm: Acm, wire: Proxy, put: Callable[..., str], waiting: Waiting
) -> None:
    put(make_chain(), certkit_name="shop")
    desired = desired_of(renewed())
    (current,) = observe(acm, desired, NOW).own
    wire.forget()

    result = apply_action(acm, Reimport(desired, current, {}, ("lost",)), waiting.patience())

    assert (result.action, result.warnings) == ("reimported", ("lost",))
    assert "AddTagsToCertificate" not in wire.operations


@pytest.mark.parametrize(("is_denied", "word"), [(False, "tagged"), (True, "failed")])
def test_tags_alone_are_written_or_fail(
    acm: Acm, server: StrictAcm, put: Callable[..., str], is_denied: bool, word: str
) -> None:
    issued = make_chain()
    arn = put(issued, certkit_name="shop")
    action = plan_of(acm, desired_of(issued))
    server.deny(*["AddTagsToCertificate"] * is_denied)

    result = apply_action(acm, action)

    assert (result.action, result.arn, result.previous_sha256) == (word, arn, issued.sha256)
    assert isinstance(result.error, AwsDeniedError) == is_denied
