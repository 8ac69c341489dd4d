"""Looking for a revoked or leaked certificate in ACM, over HTTP: as few requests as will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.x509.oid import NameOID

from certkit import certificate as x
from certkit.aws.sessions import Session
from certkit.census import Site, look
from certkit.incident import Hit, Wanted
from certkit.inventory import gather
from certkit.tracing import trace
from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.issuing import Request, make_chain
from tests.listing import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from certkit.tracing import Trace
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"
USER = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1"


def look_for(wire: Proxy, wanted: Wanted) -> Trace:
    """Lists two regions, then looks; what is sent for the listing is forgotten."""
    session = Session()
    sites = [Site(session, ACCOUNT, region) for region in (HOME, FRANKFURT)]
    inventory = gather(look(sites), NOW)
    wire.forget()
    return trace(inventory.certificates, wanted, sites)


def test_a_serial_number_takes_no_request_but_for_what_uses_it(
    wire: Proxy, put: Callable[..., str], server: StrictAcm
) -> None:
    leaked = make_chain(leaf=Request(serial=0x0A1B))
    free, used = put(leaked), put(leaked, region=FRANKFURT)
    put(make_chain())
    server.set_in_use(used, USER)

    found = look_for(wire, Wanted(serial="a1b"))

    assert {hit.listed.summary.arn: hit.in_use_by for hit in found.hits} == {free: (), used: (USER,)}
    assert wire.operations == ["DescribeCertificate"]


def test_a_key_takes_the_certificates_and_finds_it_in_all_of_them(wire: Proxy, put: Callable[..., str]) -> None:
    leaked, renewed = (make_chain(leaf=Request(key=("EC_prime256v1", 7), serial=serial)) for serial in (11, 12))
    arns = {put(leaked), put(renewed, region=FRANKFURT)}
    put(make_chain())
    spki = x.spki_fingerprint(leaked.certificate.public_key())

    found = look_for(wire, Wanted(spki_sha256=spki))

    assert {hit.listed.summary.arn for hit in found.hits} == arns
    assert wire.operations == ["GetCertificate"] * 3


def test_what_the_listing_rules_out_is_not_read(wire: Proxy, put: Callable[..., str]) -> None:
    leaked = make_chain(leaf=Request(serial=0x0A1B))
    arn = put(leaked)
    put(make_chain())

    found = look_for(wire, Wanted(serial="a1b", sha256=leaked.sha256))

    assert [hit.listed.summary.arn for hit in found.hits] == [arn]
    assert wire.operations == ["GetCertificate"]


def test_where_nobody_may_search_each_certificate_is_read(
    wire: Proxy, put: Callable[..., str], server: StrictAcm
) -> None:
    server.deny("SearchCertificates")
    arn = put(make_chain(leaf=Request(serial=0x0A1B)))
    put(make_chain())

    found = look_for(wire, Wanted(serial="a1b"))

    assert [hit.listed.summary.arn for hit in found.hits] == [arn]
    assert wire.operations == ["GetCertificate"] * 2


def test_an_issuer_is_found_by_its_common_name(wire: Proxy, put: Callable[..., str]) -> None:
    issued = make_chain()
    arn = put(issued)
    name = issued.certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value

    found = look_for(wire, Wanted(issuer=str(name)))
    other = look_for(wire, Wanted(issuer="Somebody else"))

    assert [hit.listed.summary.arn for hit in found.hits] == [arn]
    assert other.hits == ()


def test_one_that_cannot_be_read_is_a_problem_and_costs_the_others_nothing(
    wire: Proxy, put: Callable[..., str]
) -> None:
    leaked = make_chain(leaf=Request(serial=0x0A1B))
    arns = {put(leaked), put(leaked)}
    wire.script("GetCertificate", Refusal("AccessDeniedException"))

    found = look_for(wire, Wanted(sha256=leaked.sha256))

    (hit,), (problem,) = found.hits, found.problems
    assert hit.listed.summary.arn in arns
    assert problem.startswith("reading arn:aws:acm:us-east-1:")


@pytest.mark.parametrize("number", [11, 12])
def test_what_is_not_in_acm_is_known_already(wire: Proxy, number: int) -> None:
    row = listed(source="shop.pem", sha256=f"{number}" * 32)

    found = trace([row], Wanted(sha256="11" * 32), [])

    assert found.hits == ((Hit(row),) if number == 11 else ())
    assert wire.operations == []


def test_what_was_never_issued_is_never_found(wire: Proxy) -> None:
    found = trace([listed(left=None, serial=None)], Wanted(serial="a1b"), [Site(Session(), ACCOUNT, HOME)])

    assert found.hits == ()
    assert wire.operations == []
