"""Which users certkit repoints, in which order, and what it says of the others."""

from __future__ import annotations

import pytest

from certkit.migration import Keeper, Move, ordered
from certkit.usage import Service, Slot
from tests.migration.scene import NEW_ARN, OLD_ARN, user


def test_what_is_quickly_taken_back_goes_first_and_what_is_left_to_others_last() -> None:
    edge = Move(user(Service.CLOUDFRONT, Slot.VIEWER))
    default = Move(user(slot=Slot.DEFAULT))
    sni = Move(user(slot=Slot.SNI))
    domain = Move(user(Service.APIGATEWAY, Slot.REGIONAL))
    pool = Move(user(Service.COGNITO, Slot.DOMAIN))
    kept = Move(user(slot=Slot.SNI, name="kept"), Keeper("a stack", "change {old} to {new}"))

    assert ordered([edge, kept, pool, domain, default, sni]) == (sni, default, domain, edge, kept, pool)


def test_a_tenant_of_a_distribution_is_not_taken_for_one() -> None:
    assert not Move(user(Service.CLOUDFRONT, Slot.VIEWER, parent="E1")).is_ours


def test_what_cannot_be_told_to_be_free_of_a_stack_is_left_alone() -> None:
    move = Move(user(), why="its tags cannot be read")

    assert not move.is_ours
    assert move.by_hand(OLD_ARN, NEW_ARN) == "its tags cannot be read"


def test_a_keeper_says_what_to_change_with_both_arns() -> None:
    move = Move(user(), Keeper("the stack web", "put {new} for {old}"))

    assert move.by_hand(OLD_ARN, NEW_ARN) == f"the stack web keeps it: put {NEW_ARN} for {OLD_ARN}"
    assert move.by_hand(OLD_ARN, None) == f"the stack web keeps it: put NEW_ARN for {OLD_ARN}"


@pytest.mark.parametrize(
    ("service", "slot", "words"),
    [
        (Service.ELB, Slot.DEFAULT, "aws elb set-load-balancer-listener-ssl-certificate --load-balancer-name lb "),
        (Service.COGNITO, Slot.DOMAIN, "aws cognito-idp update-user-pool-domain --domain web --user-pool-id lb "),
        (Service.TRANSFER, Slot.SERVER, "aws transfer update-server --server-id web "),
        (Service.OPENSEARCH, Slot.DOMAIN, "aws opensearch update-domain-config --domain-name web "),
        (Service.CLIENT_VPN, Slot.SERVER, "aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id web "),
        (Service.APPSYNC, Slot.DOMAIN, "make the domain anew"),
        (Service.APIGATEWAY, Slot.OWNERSHIP, "in place of"),
    ],
)
def test_what_certkit_does_not_repoint_says_how_a_person_does(service: Service, slot: Slot, words: str) -> None:
    text = Move(user(service, slot, parent="lb")).by_hand(OLD_ARN, NEW_ARN)

    assert words in text
    assert NEW_ARN in text


def test_a_name_is_quoted_for_the_shell() -> None:
    text = Move(user(Service.TRANSFER, Slot.SERVER, id="a; rm -rf b")).by_hand(OLD_ARN, NEW_ARN)

    assert "--server-id 'a; rm -rf b' " in text
