"""How far a path goes with what stands beside a bundle: it continues what is there, and displaces nothing good."""

from collections.abc import Iterable, Sequence

import pytest
from cryptography import x509

from certkit.chain import Path
from certkit.errors import ChainBrokenError
from certkit.reach import find_path_with
from tests.given import KEY_A, KEY_B, KEY_C, NOW, YEAR, ca
from tests.issuing import Issued, Request, make_chain, make_root, with_broken_signature

KEY_D = ("EC_prime256v1", 23)


def certificates(issued: Iterable[Issued]) -> tuple[x509.Certificate, ...]:
    return tuple(one.certificate for one in issued)


def reach(
    leaf: Issued,
    found: Sequence[Issued],
    beside: Sequence[Issued] = (),
    roots: Sequence[Issued] = (),
    root_name: str | None = None,
) -> tuple[tuple[x509.Certificate, ...], bool, bool]:
    """The path, whether a root ends it, and whether it is complete."""
    every = certificates((leaf, *found)), certificates(beside), certificates(roots)
    path, is_complete = find_path_with(leaf.certificate, *every, NOW, root_name)
    return path.certificates, path.has_root, is_complete


def expected(*issued: Issued, has_root: bool = False, is_complete: bool | None = None) -> tuple[object, bool, bool]:
    return certificates(issued), has_root, has_root if is_complete is None else is_complete


LEAF = make_chain(intermediates=3)


def test_what_stands_beside_continues_the_path_where_it_ends() -> None:
    first, second, third, root = LEAF.issuers

    assert reach(LEAF, [first], [third, second]) == expected(first, second, third)
    assert reach(LEAF, [], [root, third, second, first]) == expected(*LEAF.issuers, has_root=True)


def test_what_stands_beside_closes_a_gap() -> None:
    first, second, third, _ = LEAF.issuers

    assert reach(LEAF, [first, third], [second]) == expected(first, second, third)


def test_a_stranger_beside_changes_nothing() -> None:
    stranger = make_root("Example Intermediate 1", key=KEY_C)

    assert reach(LEAF, [LEAF.issuers[0]], [stranger]) == expected(LEAF.issuers[0])


def test_a_newer_one_beside_displaces_none_that_is_good() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    own = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR))
    newer = elder.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR))
    leaf = own.issue(Request())

    assert reach(leaf, [own], [newer, elder]) == expected(own)
    assert reach(leaf, [own, root], [newer, elder]) == expected(own, root, has_root=True)
    assert reach(leaf, [own], [newer, elder, root]) == expected(own, root, has_root=True)


def test_a_valid_one_beside_takes_the_place_of_an_expired_one() -> None:
    root = make_root("Root", key=KEY_A)
    expired = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR, not_after=NOW - YEAR))
    renewed = root.issue(ca("Issuing", KEY_C))
    leaf = renewed.issue(Request())

    assert reach(leaf, [expired], [renewed]) == expected(renewed)
    assert reach(leaf, [expired, root], [renewed]) == expected(renewed, root, has_root=True)


def test_an_expired_one_is_kept_where_what_stands_beside_is_no_better() -> None:
    root = make_root("Root", key=KEY_A)
    expired = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR, not_after=NOW - YEAR))
    newer = root.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR, not_after=NOW - YEAR / 2))
    leaf = expired.issue(Request())

    assert reach(leaf, [expired], [newer]) == expected(expired)


def test_two_cas_that_cross_signed_each_other_are_continued_once() -> None:
    one, other = make_root("One", key=KEY_A), make_root("Other", key=KEY_B)
    one_by_other, other_by_one = other.issue(ca("One", KEY_A)), one.issue(ca("Other", KEY_B))
    leaf = one.issue(Request())

    assert reach(leaf, [one_by_other], [one_by_other, other_by_one]) == expected(one_by_other, other_by_one)


def test_a_namesake_beside_breaks_no_chain() -> None:
    twin = make_root("Example Intermediate 0", key=KEY_D)

    assert reach(LEAF, [], [twin]) == expected()


def test_a_broken_link_in_the_bundle_is_refused_and_a_missing_one_is_not() -> None:
    leaf = make_chain()
    issuing, root = leaf.issuers
    broken = Issued(with_broken_signature(issuing), issuing.private_key)
    twin = make_root("Example Intermediate 0", key=KEY_D)

    with pytest.raises(ChainBrokenError):
        reach(leaf, [broken, root], [issuing])
    with pytest.raises(ChainBrokenError):
        reach(leaf, [twin], [root])
    assert reach(leaf, [twin], [issuing]) == expected(issuing)


# With roots


def test_roots_complete_what_stands_beside_without_standing_in_it() -> None:
    first, second, third, root = LEAF.issuers

    assert reach(LEAF, [first], [second, third], [root]) == expected(first, second, third, is_complete=True)
    assert reach(LEAF, [first], [second], [third, root]) == expected(first, second, is_complete=True)
    assert reach(LEAF, [first], [second], [root]) == expected(first, second)


def test_a_fork_beside_is_decided_in_favour_of_roots() -> None:
    root, absent = make_root("Root", key=KEY_A), make_root("Absent", key=KEY_B)
    old = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR))
    newer = absent.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR))
    leaf = old.issue(Request())

    assert reach(leaf, [], [newer, old]) == expected(newer)
    assert reach(leaf, [], [newer, old], [root]) == expected(old, is_complete=True)


# With a preferred root


def crossed() -> tuple[Issued, Issued, Issued, Issued, Issued]:
    """A leaf, its issuer, the issuer's root, the same root by an elder one, and the elder one."""
    root, elder = make_root("Root X1", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross = elder.issue(ca("Root X1", KEY_A))
    issuing = root.issue(ca("Issuing", KEY_C))
    return issuing.issue(Request()), issuing, root, cross, elder


def test_what_stands_beside_leads_to_the_preferred_root_where_the_bundle_does_not() -> None:
    leaf, issuing, root, cross, _ = crossed()

    assert reach(leaf, [issuing, root], [cross], (), "Elder Root") == expected(issuing, cross)
    assert reach(leaf, [issuing, root], [cross], (), "Another") == expected(issuing, root, has_root=True)


def test_a_chain_that_ends_under_the_preferred_root_is_not_led_away_from_it() -> None:
    leaf, issuing, root, cross, elder = crossed()

    assert reach(leaf, [issuing], [cross, elder], (), "Root X1") == expected(issuing)
    assert reach(leaf, [issuing], [cross, elder, root], (), "Root X1") == expected(issuing, root, has_root=True)
    assert reach(leaf, [issuing, cross], [elder], [root], "Root X1") == expected(issuing, is_complete=True)


def test_the_result_is_a_path() -> None:
    leaf = make_chain()
    issuing = leaf.issuers[0].certificate

    path, _ = find_path_with(leaf.certificate, [leaf.certificate], [issuing], [], NOW)

    assert path == Path((issuing,), has_root=False, reachable=frozenset({issuing}))
