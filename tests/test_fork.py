"""Which path is taken where there are several: the stated preference, whatever the order of the certificates."""

import datetime as dt
from itertools import permutations
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certkit.chain import Path, find_path, is_under
from tests.given import KEY_A, KEY_B, KEY_C, NOW, YEAR, ca
from tests.issuing import (
    Issued,
    Request,
    make_chain,
    make_root,
    self_signed,
)


def key_of(issued: Issued) -> ec.EllipticCurvePublicKey:
    key = issued.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def certificates(*issued: Issued) -> tuple[x509.Certificate, ...]:
    return tuple(one.certificate for one in issued)


def path_of(leaf: Issued, *candidates: Issued, root_name: str | None = None) -> tuple[x509.Certificate, ...]:
    """The path, once it is the same for every order of the candidates."""
    found = {
        find_path(leaf.certificate, certificates(*order), NOW, root_name).certificates
        for order in permutations((leaf, *candidates))
    }
    (path,) = found
    return path


OTHERS: Final = (make_chain(leaf=Request(common_name="other.example.com")), make_root("Other Root", key=KEY_C))


def test_a_path_that_reaches_a_root_wins_over_a_newer_and_shorter_one() -> None:
    root, absent = make_root("Root", key=KEY_A), make_root("Absent", key=KEY_B)
    policy = root.issue(ca("Policy", KEY_B))
    issuing = policy.issue(ca("Issuing", KEY_C, not_before=NOW - 3 * YEAR))
    cross = absent.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR))
    leaf = issuing.issue(Request())

    assert path_of(leaf, cross, issuing, policy, root) == certificates(issuing, policy, root)


def test_a_path_that_is_valid_now_wins_over_a_shorter_one_to_a_root() -> None:
    old, new = make_root("Old Root", key=KEY_A), make_root("New Root", key=KEY_B)
    expired = old.issue(ca("Issuing", KEY_C, not_before=NOW - 3 * YEAR, not_after=NOW - YEAR))
    policy = new.issue(ca("Policy", ("EC_prime256v1", 23)))
    valid = policy.issue(ca("Issuing", KEY_C, not_before=NOW - 4 * YEAR))
    leaf = valid.issue(Request())

    assert path_of(leaf, expired, old, valid, policy, new) == certificates(valid, policy, new)


def test_an_expired_path_to_a_root_wins_over_a_valid_one_to_none() -> None:
    root, absent = make_root("Root", key=KEY_A), make_root("Absent", key=KEY_B)
    expired = root.issue(ca("Issuing", KEY_C, not_before=NOW - 3 * YEAR, not_after=NOW - YEAR))
    valid = absent.issue(ca("Issuing", KEY_C))
    leaf = valid.issue(Request())

    assert path_of(leaf, expired, valid, root) == certificates(expired, root)


def test_a_root_that_has_expired_is_avoided() -> None:
    expired = self_signed(ca("Elder Root", KEY_A, not_before=NOW - 9 * YEAR, not_after=NOW - YEAR))
    root = make_root("Root", key=KEY_B)
    cross = expired.issue(ca("Root", KEY_B, not_before=NOW - 9 * YEAR))
    issuing = root.issue(ca("Issuing", KEY_C))
    leaf = issuing.issue(Request())

    assert path_of(leaf, issuing, cross, expired, root) == certificates(issuing, root)


def test_the_shorter_of_two_paths_to_a_root_wins_over_the_newer() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross = elder.issue(ca("Root", KEY_A, not_before=NOW - dt.timedelta(days=1)))
    issuing = root.issue(ca("Issuing", KEY_C))
    leaf = issuing.issue(Request())

    assert path_of(leaf, issuing, cross, elder, root) == certificates(issuing, root)


def test_of_two_paths_of_one_length_the_newer_wins() -> None:
    root = make_root("Root", key=KEY_A)
    old = root.issue(ca("Issuing", KEY_C, not_before=NOW - 3 * YEAR))
    renewed = root.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR))
    leaf = old.issue(Request())

    assert path_of(leaf, old, renewed, root) == certificates(renewed, root)


def test_of_two_equally_new_issuers_the_longer_valid_wins() -> None:
    root = make_root("Root", key=KEY_A)
    short = root.issue(ca("Issuing", KEY_C, not_after=NOW + YEAR))
    long = root.issue(ca("Issuing", KEY_C, not_after=NOW + 2 * YEAR))
    leaf = short.issue(Request())

    assert path_of(leaf, short, long, root) == certificates(long, root)


def test_certificates_on_other_paths_are_reachable_and_strangers_are_not() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross = elder.issue(ca("Root", KEY_A))
    leaf = root.issue(Request())

    path = find_path(leaf.certificate, certificates(cross, elder, root, *OTHERS), NOW)

    assert path.reachable == frozenset(certificates(root, cross, elder))


def test_without_a_root_a_valid_path_wins_and_then_the_shorter() -> None:
    absent = make_root("Absent", key=("EC_prime256v1", 24))
    policy = absent.issue(ca("Policy", KEY_B))
    expired = absent.issue(ca("Issuing", KEY_C, not_after=NOW - dt.timedelta(days=1)))
    long = policy.issue(ca("Issuing", KEY_C))
    short = absent.issue(ca("Issuing", KEY_C))
    leaf = long.issue(Request())

    assert path_of(leaf, expired, long, policy) == certificates(long, policy)
    assert path_of(leaf, expired, long, policy, short) == certificates(short)


# A preferred root


def crossed() -> tuple[Issued, Issued, Issued, Issued, Issued]:
    """A leaf, its issuer, the issuer's root, the same root by an elder one, and the elder one."""
    root, elder = make_root("Root X1", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross = elder.issue(ca("Root X1", KEY_A))
    issuing = root.issue(ca("Issuing", KEY_C))
    return issuing.issue(Request()), issuing, root, cross, elder


@pytest.mark.parametrize(
    ("wanted", "expected"), [("Root X1", (1, 2)), ("elder  ROOT", (1, 3, 4)), ("CN=Elder Root", (1, 3, 4))]
)
def test_a_path_under_the_preferred_root_wins_over_a_shorter_one(wanted: str, expected: tuple[int, ...]) -> None:
    found = crossed()

    assert path_of(*found, root_name=wanted) == certificates(*(found[position] for position in expected))


def test_a_path_under_the_preferred_root_wins_although_the_root_is_absent() -> None:
    leaf, issuing, root, cross, _ = crossed()

    assert path_of(leaf, issuing, root, cross, root_name="Elder Root") == certificates(issuing, cross)


def test_a_cross_certificate_of_the_preferred_root_is_left_out_where_the_root_is_absent() -> None:
    leaf, issuing, _, cross, elder = crossed()

    assert path_of(leaf, issuing, cross, root_name="Root X1") == certificates(issuing)
    assert path_of(leaf, issuing, cross, elder, root_name="Root X1") == certificates(issuing)


def test_an_expired_path_under_the_preferred_root_wins_over_a_valid_one() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    expired = elder.issue(ca("Issuing", KEY_C, not_before=NOW - 3 * YEAR, not_after=NOW - YEAR))
    valid = root.issue(ca("Issuing", KEY_C))
    leaf = valid.issue(Request())

    assert path_of(leaf, expired, valid, root, elder, root_name="Elder Root") == certificates(expired, elder)


@pytest.mark.parametrize("wanted", ["Another Root", "Issuing", "shop.example.com", ""])
def test_where_no_path_is_under_the_preferred_root_the_usual_one_is_taken(wanted: str) -> None:
    found = crossed()

    assert path_of(*found, root_name=wanted) == certificates(found[1], found[2])


@pytest.mark.parametrize(("wanted", "expected"), [("Root X1", True), ("Elder Root", False)])
def test_a_path_is_under_the_root_that_issued_its_last_certificate(wanted: str, *, expected: bool) -> None:
    leaf, issuing, root, *_ = crossed()

    paths = [
        Path(certificates(*above), has_root=False, reachable=frozenset()) for above in ([issuing], [issuing, root])
    ]

    assert [is_under(wanted, leaf.certificate, path) for path in paths] == [expected, expected]


# Loops


def test_two_cas_that_cross_signed_each_other_end_the_path() -> None:
    one, other = make_root("One", key=KEY_A), make_root("Other", key=KEY_B)
    one_by_other = other.issue(ca("One", KEY_A))
    other_by_one = one.issue(ca("Other", KEY_B))
    leaf = one.issue(Request())

    assert path_of(leaf, one_by_other, other_by_one) == certificates(one_by_other, other_by_one)
    assert path_of(leaf, one_by_other, other_by_one, other) == certificates(one_by_other, other)


def test_a_loop_with_a_renewed_certificate_in_it_still_yields_the_path() -> None:
    one, other = make_root("One", key=KEY_A), make_root("Other", key=KEY_B)
    old = other.issue(ca("One", KEY_A, not_before=NOW - 3 * YEAR))
    renewed = other.issue(ca("One", KEY_A, not_before=NOW - YEAR))
    other_by_one = one.issue(ca("Other", KEY_B))
    leaf = one.issue(Request())

    assert path_of(leaf, old, renewed, other_by_one) == certificates(renewed, other_by_one)


def test_two_loops_that_run_into_each_other_still_yield_a_path() -> None:
    one, first, second = make_root("One", key=KEY_A), make_root("First", key=KEY_B), make_root("Second", key=KEY_C)
    one_by_first = first.issue(ca("One", KEY_A, not_before=NOW - YEAR))
    one_by_second = second.issue(ca("One", KEY_A, not_before=NOW - 2 * YEAR))
    first_by_second = second.issue(ca("First", KEY_B))
    second_by_first = first.issue(ca("Second", KEY_C))
    leaf = one.issue(Request())

    path = path_of(leaf, one_by_first, one_by_second, first_by_second, second_by_first)

    assert path == certificates(one_by_first, first_by_second)
