"""Repointing load balancers, distributions and domains: what is written, in which order, and what survives a lost answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.aws.repoint import Swap, Swapped, repoint
from certkit.aws.repoint.keeping import move_of, tags_of
from certkit.aws.sessions import Session
from certkit.errors import AwsDeniedError, AwsRefusedError, AwsUnreachableError
from certkit.usage import Service, Slot, User
from tests.aws.faults import Do, Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME
from tests.aws.usage.scene import Neighbours, of_acm
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.aws.pacing import Timing
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

NAME: Final = "shop.example.com"
DENIED: Final = Refusal(
    "AccessDenied",
    "User: arn:aws:iam::1:user/ci is not authorized to perform: elasticloadbalancing:ModifyListener",
    403,
)


class Scene:
    """Two certificates, and what may use them."""

    def __init__(self, server: StrictAcm, wire: Proxy, timing: Timing) -> None:
        self.neighbours = Neighbours.of(server)
        self.server = server
        self.wire = wire
        self.aws = Session(timing=timing)
        self.old = self.neighbours.imported(make_chain(leaf=Request(sans=(NAME,))))
        self.new = self.neighbours.imported(make_chain(leaf=Request(sans=(NAME,), key=("EC_secp384r1", 0))))

    def listener(self, default: str, *listed: str) -> User:
        """A listener, as the user that it is by its default certificate."""
        arn = self.neighbours.load_balancer(default, *listed)
        return self.user(
            Service.ELBV2, Slot.DEFAULT, arn, parent=arn.replace(":listener/", ":loadbalancer/").rpartition("/")[0]
        )

    def user(self, service: Service, slot: Slot, id_: str, **more: Any) -> User:
        """One that names the old certificate."""
        return User(self.old, service, slot, more.pop("arn", id_), id_, id_, ACCOUNT, HOME, **more)

    def swap(self, user: User, old: str | None = None, new: str | None = None) -> Swapped:
        """Repoints it, and forgets what was asked before."""
        self.wire.forget()
        return repoint(self.aws, user, Swap(old or self.old, new or self.new))

    def held(self, user: User) -> tuple[str | None, list[str]]:
        """The default certificate of a listener, and its list."""
        rows = self.neighbours.client("elbv2").describe_listener_certificates(ListenerArn=user.id)["Certificates"]
        default = next((row["CertificateArn"] for row in rows if row["IsDefault"]), None)
        return default, [row["CertificateArn"] for row in rows if not row["IsDefault"]]

    @property
    def writes(self) -> list[str]:
        """The operations that changed something, in order."""
        return [one for one in self.wire.operations if one.startswith(("Add", "Modify", "Remove", "Update"))]


@pytest.fixture
def scene(server: StrictAcm, wire: Proxy, timing: Timing) -> Scene:
    return Scene(server, wire, timing)


def test_the_new_default_of_a_listener_is_in_its_list_before_it_is_the_default(scene: Scene) -> None:
    user = scene.listener(scene.old)

    came = scene.swap(user)

    assert came is Swapped.DONE
    assert scene.writes == ["AddListenerCertificates", "ModifyListener", "RemoveListenerCertificates"]
    assert scene.held(user) == (scene.new, [])


@pytest.mark.slow
def test_what_uses_the_old_one_no_longer_is_known_to_acm(scene: Scene) -> None:
    user = scene.listener(scene.old)

    scene.swap(user)

    backend = scene.server.backend()
    assert (backend.find(scene.old).in_use_by, backend.find(scene.new).in_use_by) == ((), (user.id,))


def test_the_list_of_a_listener_keeps_what_else_stands_in_it(scene: Scene) -> None:
    other = scene.neighbours.imported(make_chain(leaf=Request(sans=("other.example.com",))))
    user = scene.listener(other, scene.old)
    listed = scene.user(Service.ELBV2, Slot.SNI, user.id)

    came = scene.swap(listed)

    assert came is Swapped.DONE
    assert scene.writes == ["AddListenerCertificates", "RemoveListenerCertificates"]
    assert scene.held(user) == (other, [scene.new])


@pytest.mark.slow
def test_a_listener_that_has_the_old_one_twice_has_it_nowhere_after_both_moves(scene: Scene) -> None:
    user = scene.listener(scene.old, scene.old)
    listed = scene.user(Service.ELBV2, Slot.SNI, user.id)

    scene.swap(listed)
    scene.swap(user)

    assert scene.held(user) == (scene.new, [])


@pytest.mark.slow
def test_there_and_back_again_leaves_a_listener_as_it_was(scene: Scene) -> None:
    other = scene.neighbours.imported(make_chain(leaf=Request(sans=("other.example.com",))))
    user = scene.listener(scene.old, other)

    scene.swap(user)
    scene.swap(user, scene.new, scene.old)

    assert scene.held(user) == (scene.old, [other])


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["AddListenerCertificates", "ModifyListener", "RemoveListenerCertificates"])
@pytest.mark.parametrize("is_done", [True, False])
def test_a_listener_is_finished_after_an_answer_was_lost(scene: Scene, operation: str, is_done: bool) -> None:
    user = scene.listener(scene.old)
    fault = Fault.RESET_AFTER if is_done else Fault.RESET_BEFORE
    scene.wire.script(operation, *[fault] * 6)
    with pytest.raises(AwsUnreachableError):
        scene.swap(user)

    scene.swap(user)

    assert scene.held(user) == (scene.new, [])


@pytest.mark.slow
def test_what_somebody_else_has_repointed_is_left_as_it_is(scene: Scene) -> None:
    other = scene.neighbours.imported(make_chain(leaf=Request(sans=("other.example.com",))))
    user = scene.listener(other)

    came = scene.swap(user)

    assert (came, scene.writes, scene.held(user)) == (Swapped.ELSEWHERE, [], (other, []))


@pytest.mark.slow
def test_a_denied_write_names_the_action_that_the_policy_lacks(scene: Scene) -> None:
    user = scene.listener(scene.old)
    scene.wire.script("ModifyListener", DENIED)

    with pytest.raises(AwsDeniedError) as raised:
        scene.swap(user)

    assert "elasticloadbalancing:ModifyListener" in str(raised.value.hint)
    assert scene.held(user)[0] == scene.old


@pytest.mark.slow
def test_a_load_balancer_that_is_full_says_so(scene: Scene) -> None:
    user = scene.listener(scene.old)
    scene.wire.script("AddListenerCertificates", Refusal("TooManyCertificates"))

    with pytest.raises(AwsRefusedError, match="has as many certificates as it may"):
        scene.swap(user)


@pytest.fixture
def edge(scene: Scene) -> User:
    """A distribution with the old certificate."""
    made = scene.neighbours.distribution(of_acm(scene.old), NAME)
    return scene.user(Service.CLOUDFRONT, Slot.VIEWER, made["Id"], arn=made["ARN"])


def viewer(scene: Scene, edge: User) -> tuple[str, str]:
    """The certificate of a distribution, and its comment."""
    config = scene.neighbours.client("cloudfront").get_distribution_config(Id=edge.id)["DistributionConfig"]
    return config["ViewerCertificate"]["ACMCertificateArn"], config["Comment"]


def comment(scene: Scene, edge: User) -> Callable[[], None]:
    """What somebody else does to a distribution."""

    def act() -> None:
        client = scene.neighbours.client("cloudfront")
        held = client.get_distribution_config(Id=edge.id)
        config = {**held["DistributionConfig"], "Comment": "of somebody else"}
        client.update_distribution(Id=edge.id, DistributionConfig=config, IfMatch=held["ETag"])

    return act


def test_a_distribution_keeps_all_but_its_certificate(scene: Scene, edge: User) -> None:
    client = scene.neighbours.client("cloudfront")
    before = client.get_distribution_config(Id=edge.id)["DistributionConfig"]

    came = scene.swap(edge)

    after = client.get_distribution_config(Id=edge.id)["DistributionConfig"]
    before["ViewerCertificate"]["ACMCertificateArn"] = scene.new
    assert (came, after) == (Swapped.DONE, before)


def test_a_distribution_that_changes_meanwhile_keeps_that_change(scene: Scene, edge: User) -> None:
    scene.wire.script("UpdateDistribution", Do(comment(scene, edge), is_done=False))

    came = scene.swap(edge)

    assert (came, viewer(scene, edge)) == (Swapped.DONE, (scene.new, "of somebody else"))


def test_an_update_that_was_done_and_not_answered_is_found_done(scene: Scene, edge: User) -> None:
    scene.wire.script("UpdateDistribution", Fault.RESET_AFTER)

    came = scene.swap(edge)

    assert (came, viewer(scene, edge)[0]) == (Swapped.ALREADY, scene.new)


@pytest.mark.slow
def test_a_distribution_that_never_rests_ends_in_an_error(scene: Scene, edge: User) -> None:
    scene.wire.always("UpdateDistribution", Refusal("PreconditionFailed", status=412))

    with pytest.raises(AwsRefusedError, match="somebody else changes the distribution"):
        scene.swap(edge)

    assert scene.writes == ["UpdateDistribution"] * 3


def test_a_refusal_that_is_no_conflict_is_told_at_once(scene: Scene, edge: User) -> None:
    scene.wire.always("UpdateDistribution", Refusal("InvalidViewerCertificate"))

    with pytest.raises(AwsRefusedError):
        scene.swap(edge)

    assert (scene.writes, viewer(scene, edge)[0]) == (["UpdateDistribution"], scene.old)


def domain(scene: Scene, slot: Slot) -> User:
    """A domain of the first API, for the region or for the edges."""
    member, kind = {Slot.REGIONAL: ("regionalCertificateArn", "REGIONAL"), Slot.EDGE: ("certificateArn", "EDGE")}[slot]
    client = scene.neighbours.client("apigateway")
    client.create_domain_name(domainName=NAME, endpointConfiguration={"types": [kind]}, **{member: scene.old})
    return scene.user(Service.APIGATEWAY, slot, NAME)


@pytest.mark.parametrize("slot", [Slot.REGIONAL, Slot.EDGE])
@pytest.mark.parametrize("fault", [Fault.PASS, Fault.RESET_AFTER])
def test_a_domain_is_updated_once(scene: Scene, slot: Slot, fault: Fault) -> None:
    user = domain(scene, slot)
    scene.wire.script("UpdateDomainName", fault)

    came = scene.swap(user)

    found = scene.neighbours.client("apigateway").get_domain_name(domainName=NAME)
    assert came is Swapped.DONE
    assert {scene.new} == {found.get("certificateArn"), found.get("regionalCertificateArn")} - {None}


@pytest.mark.parametrize(
    ("old", "came"), [("old", Swapped.DONE), ("new", Swapped.ALREADY), ("other", Swapped.ELSEWHERE)]
)
def test_a_domain_is_left_as_it_is_where_it_has_another_certificate(scene: Scene, old: str, came: Swapped) -> None:
    user = domain(scene, Slot.REGIONAL)
    swaps = {"old": (scene.old, scene.new), "new": (scene.new, scene.old), "other": (scene.new, "another")}

    seen = scene.swap(user, *swaps[old])

    assert (seen, scene.writes) == (came, ["UpdateDomainName"] * (came is Swapped.DONE))


def test_a_domain_of_the_second_api_keeps_the_rest_of_its_configuration(scene: Scene) -> None:
    client = scene.neighbours.client("apigatewayv2")
    configuration = {"CertificateArn": scene.old, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
    client.create_domain_name(DomainName=NAME, DomainNameConfigurations=[configuration])
    user = scene.user(Service.APIGATEWAYV2, Slot.REGIONAL, NAME)

    came = scene.swap(user)

    held = client.get_domain_name(DomainName=NAME)["DomainNameConfigurations"]
    assert (came, held) == (Swapped.DONE, [{**configuration, "CertificateArn": scene.new}])
    assert scene.swap(user) is Swapped.ALREADY


def test_the_tags_of_a_listener_are_also_those_of_its_load_balancer(scene: Scene) -> None:
    user = scene.listener(scene.old)
    client = scene.neighbours.client("elbv2")
    client.add_tags(ResourceArns=[user.parent], Tags=[{"Key": "ManagedBy", "Value": "terraform"}])
    client.add_tags(ResourceArns=[user.id], Tags=[{"Key": "team", "Value": "web"}])

    assert tags_of(scene.aws, user) == {"ManagedBy": "terraform", "team": "web"}
    assert not move_of(scene.aws, user).is_ours


@pytest.mark.slow
def test_what_does_not_say_its_tags_is_left_alone(scene: Scene) -> None:
    user = scene.listener(scene.old)
    scene.wire.script("DescribeTags", DENIED)

    move = move_of(scene.aws, user)

    assert (move.is_ours, "whether a stack or Terraform keeps it" in move.why) == (False, True)


@pytest.mark.parametrize(
    ("api", "service"), [("apigateway", Service.APIGATEWAY), ("apigatewayv2", Service.APIGATEWAYV2)]
)
def test_the_tags_of_a_domain_are_read_with_it(scene: Scene, api: str, service: Service) -> None:
    client = scene.neighbours.client(api)
    if api == "apigateway":
        client.create_domain_name(domainName=NAME, regionalCertificateArn=scene.old, tags={"terraform": "true"})
    else:
        configuration = {"CertificateArn": scene.old, "EndpointType": "REGIONAL"}
        client.create_domain_name(DomainName=NAME, DomainNameConfigurations=[configuration], Tags={"terraform": "true"})

    move = move_of(scene.aws, scene.user(service, Slot.REGIONAL, NAME))

    assert move.keeper is not None


def test_the_tags_of_a_distribution_are_read_by_its_arn(scene: Scene, edge: User) -> None:
    items = [{"Key": "aws:cloudformation:stack-name", "Value": "web"}]
    scene.neighbours.client("cloudfront").tag_resource(Resource=edge.arn, Tags={"Items": items})

    move = move_of(scene.aws, edge)

    assert move.keeper is not None
    assert move.keeper.name == "the stack web"
