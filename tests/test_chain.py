"""The path from a leaf to its root: the same for every order, the best one where it forks, proved by signatures."""

from dataclasses import replace
from itertools import permutations
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit.chain import Path, find_path, find_path_unchecked, issuers_from
from certkit.errors import ChainBrokenError, InputTooLargeError
from tests.given import KEY_A, KEY_B, KEY_C, MD2_WITH_RSA, MD5_WITH_RSA, NOW, SHA256_WITH_RSA, ca
from tests.issuing import (
    Issued,
    Request,
    altered,
    as_version_1,
    make_chain,
    make_key,
    make_root,
    self_signed,
    signed_with_sha1,
    with_broken_signature,
)


def key_of(issued: Issued) -> ec.EllipticCurvePublicKey:
    key = issued.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def certificates(*issued: Issued) -> tuple[x509.Certificate, ...]:
    return tuple(one.certificate for one in issued)


def path_of(leaf: Issued, *candidates: Issued) -> tuple[x509.Certificate, ...]:
    """The path, once it is the same for every order of the candidates."""
    found = {
        find_path(leaf.certificate, certificates(*order), NOW).certificates
        for order in permutations((leaf, *candidates))
    }
    (path,) = found
    return path


LONG: Final = make_chain(intermediates=4)
OTHERS: Final = (make_chain(leaf=Request(common_name="other.example.com")), make_root("Other Root", key=KEY_C))


@given(st.permutations([LONG, *LONG.issuers, *OTHERS, LONG.issuers[0]]))
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_certificates_does_not_matter(shuffled: list[Issued]) -> None:
    path = find_path(LONG.certificate, certificates(*shuffled), NOW)

    assert path == Path(certificates(*LONG.issuers), has_root=True, reachable=frozenset(certificates(*LONG.issuers)))


@given(st.sets(st.sampled_from(range(5))))
@settings(deadline=None)
def test_the_path_goes_as_far_as_every_issuer_is_there(missing: set[int]) -> None:
    there = [issued for position, issued in enumerate(LONG.issuers) if position not in missing]

    path = find_path(LONG.certificate, certificates(*there), NOW)

    expected = LONG.issuers[: min(missing, default=5)]
    assert (path.certificates, path.has_root) == (certificates(*expected), not missing)


def test_a_self_signed_leaf_is_its_own_root() -> None:
    leaf = self_signed(Request())

    assert find_path(leaf.certificate, certificates(*OTHERS), NOW) == Path((), has_root=True, reachable=frozenset())


def test_a_leaf_alone_has_a_path_without_a_root() -> None:
    assert find_path(LONG.certificate, (), NOW) == Path((), has_root=False, reachable=frozenset())


def test_a_certificate_that_cannot_be_read_costs_nothing() -> None:
    unreadable = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")
    odd = (
        altered(make_chain(), (b"shop.example.com", b"\xff\xfeop.example.com")),
        altered(make_chain(), (bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f"))),
        self_signed(Request(common_name="odd", extensions=(unreadable,))).certificate,
        x509.load_pem_x509_certificate(as_version_1(self_signed(Request(common_name="old")))),
    )

    path = find_path(LONG.certificate, (*odd, *certificates(*LONG.issuers)), NOW)

    assert path.certificates == certificates(*LONG.issuers)


def test_names_are_paired_although_their_string_types_and_case_differ() -> None:
    root = make_root("Example Root")
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, "EXAMPLE  root", _ASN1Type.PrintableString)]
    leaf = root.issue(Request(issuer_name=x509.Name(parts)))

    assert path_of(leaf, root) == certificates(root)


def test_sha1_and_md5_links_count() -> None:
    root = make_root(key=("RSA_2048", 3))
    middle = root.issue(ca("Middle", KEY_A))
    leaf = middle.issue(Request())
    with_md5 = altered(middle, (SHA256_WITH_RSA, MD5_WITH_RSA), hash_algorithm=hashes.MD5())  # noqa: S303 -- what is tested
    with_sha1 = x509.load_pem_x509_certificate(signed_with_sha1(leaf))

    path = find_path(with_sha1, (root.certificate, with_md5), NOW)

    assert (path.certificates, path.has_root) == ((with_md5, root.certificate), True)


# Namesakes and broken signatures


def with_identifiers(request: Request, issuer: Issued) -> Request:
    own = make_key(*request.key).public_key()
    assert isinstance(own, ec.EllipticCurvePublicKey)
    identifiers = (
        x509.SubjectKeyIdentifier.from_public_key(own),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key_of(issuer)),
    )
    return replace(request, extensions=identifiers)


def test_of_two_cas_of_one_name_the_signature_tells_the_issuer() -> None:
    root, twin = make_root("Root", key=KEY_A), make_root("Root", key=KEY_B)
    leaf = root.issue(Request())

    assert path_of(leaf, twin, root) == certificates(root)


def test_a_namesake_with_another_key_identifier_is_not_the_issuer() -> None:
    root, other = make_root("Root", key=KEY_A), make_root("Root", key=KEY_B)
    twin = self_signed(with_identifiers(ca("Root", KEY_B), other))
    leaf = root.issue(with_identifiers(Request(), root))

    assert path_of(leaf, twin) == ()


def test_a_namesake_without_key_identifiers_breaks_the_chain() -> None:
    root, twin = make_root("Root", key=KEY_A), make_root("Root", key=KEY_B)
    leaf = root.issue(Request())

    with pytest.raises(ChainBrokenError) as caught:
        find_path(leaf.certificate, certificates(twin), NOW)

    assert caught.value.part == "chain[0]"
    assert caught.value.message == "the signature on shop.example.com does not verify with the key of Root"
    assert caught.value.hint == (
        "one of the two was altered or is a twin of another key: get the chain again from the CA"
    )


def test_a_broken_link_between_certificates_without_common_names_is_told_all_the_same() -> None:
    nameless = (replace(ca("Root", key), common_name=None, organization="Example") for key in (KEY_A, KEY_B))
    root, twin = (self_signed(request) for request in nameless)
    leaf = root.issue(Request(common_name=None))

    with pytest.raises(ChainBrokenError) as caught:
        find_path(leaf.certificate, certificates(twin), NOW)

    assert caught.value.message == "the signature on a certificate does not verify with the key of its issuer"


def test_a_broken_signature_on_the_leaf_breaks_the_chain_at_its_issuer() -> None:
    leaf = with_broken_signature(LONG)

    with pytest.raises(ChainBrokenError) as caught:
        find_path(leaf, certificates(*LONG.issuers), NOW)

    assert caught.value.part == "chain[0]"


@pytest.mark.parametrize("position", range(4))
def test_a_broken_signature_in_the_chain_breaks_it_there(position: int) -> None:
    there = list(certificates(*LONG.issuers))
    there[position] = with_broken_signature(LONG.issuers[position])

    with pytest.raises(ChainBrokenError) as caught:
        find_path(LONG.certificate, reversed(there), NOW)

    assert caught.value.part == f"chain[{position + 1}]"


def test_a_root_that_does_not_verify_itself_breaks_the_chain() -> None:
    root = LONG.issuers[-1]
    there = (*certificates(*LONG.issuers[:-1]), with_broken_signature(root))

    with pytest.raises(ChainBrokenError) as caught:
        find_path(LONG.certificate, there, NOW)

    assert caught.value.part == "chain[4]"
    assert caught.value.message == "the signature on Example Root does not verify with its own key"


def test_a_broken_signature_costs_nothing_where_another_path_reaches_a_root() -> None:
    broken = with_broken_signature(LONG.issuers[0])

    path = find_path(LONG.certificate, (broken, *certificates(*LONG.issuers)), NOW)

    assert path.certificates == certificates(*LONG.issuers)


def test_a_namesake_costs_nothing_where_a_loop_ends_the_path() -> None:
    one, other, twin = make_root("One", key=KEY_A), make_root("Other", key=KEY_B), make_root("One", key=KEY_C)
    one_by_other = other.issue(ca("One", KEY_A))
    other_by_one = one.issue(ca("Other", KEY_B))
    leaf = one.issue(Request())

    assert path_of(leaf, one_by_other, other_by_one, twin) == certificates(one_by_other, other_by_one)


def test_a_leaf_of_its_absent_issuers_name_has_a_path_without_a_root() -> None:
    leaf = make_root("shop.example.com").issue(Request())

    assert find_path(leaf.certificate, (), NOW) == Path((), has_root=False, reachable=frozenset())


def test_a_signature_that_cannot_be_checked_ends_the_path_and_breaks_nothing() -> None:
    root = make_root(key=("RSA_2048", 3))
    with_md2 = altered(root.issue(Request()), (SHA256_WITH_RSA, MD2_WITH_RSA))

    path = find_path(with_md2, (root.certificate,), NOW)

    assert path == Path((), has_root=False, reachable=frozenset())


def test_unchecked_a_broken_signature_ends_the_path() -> None:
    there = (LONG.issuers[0].certificate, with_broken_signature(LONG.issuers[1]), *certificates(*LONG.issuers[2:]))

    path = find_path_unchecked(LONG.certificate, there, NOW)

    assert (path.certificates, path.has_root) == (there[:2], False)


def test_unchecked_the_root_that_is_asked_for_decides_a_fork_as_well() -> None:
    elder, younger = make_root("Elder", key=KEY_A), make_root("Younger", key=KEY_B)
    signed_by_both = [root.issue(ca("Issuing", KEY_C)) for root in (elder, younger)]
    leaf = signed_by_both[0].issue(Request())
    there = certificates(*signed_by_both, elder, younger)

    roots = [find_path_unchecked(leaf.certificate, there, NOW, name).certificates[-1] for name in ("Elder", "Younger")]

    assert roots == [elder.certificate, younger.certificate]


def test_many_namesakes_are_told_apart() -> None:
    root = make_root("Root", key=KEY_A)
    twin = make_root("Root", key=KEY_B)
    namesakes = [twin.issue(ca("Issuing", KEY_C, serial=number)).certificate for number in range(1, 200)]
    issuing = root.issue(ca("Issuing", ("EC_prime256v1", 23)))
    leaf = issuing.issue(Request())

    path = find_path(leaf.certificate, (*namesakes, *certificates(issuing, root)), NOW)

    assert path.certificates == certificates(issuing, root)


def test_more_namesakes_than_can_be_tried_are_refused() -> None:
    # Each of them verifies each of them: 110 * 111 signatures are above the limit of 12,000.
    requests = [ca("Example Root", ("RSA_1024", 20), serial=number) for number in range(1, 111)]
    namesakes = [self_signed(request) for request in requests]
    leaf = namesakes[0].issue(Request())

    with pytest.raises(InputTooLargeError, match=r"^there are too many .* to find the chain among them$"):
        find_path(leaf.certificate, certificates(*namesakes), NOW)


def test_the_issuers_of_several_certificates_are_found_at_once() -> None:
    root = make_root("Root", key=KEY_A)
    leaves = [root.issue(Request(common_name=each)) for each in ("a.example.com", "b.example.com")]

    found = issuers_from(certificates(*leaves), certificates(root, *leaves))

    assert found == {certificate: list(certificates(root)) for certificate in certificates(*leaves, root)}
