"""What a reader found becomes a bundle in order, and everything left out is accounted for."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit.assembly import Wishes, assemble, encode_certificates, encode_parts
from certkit.bundle import Addition, Bundle, Dropped, Parts, Reason
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.errors import ChainBrokenError, InputUnreadableError, KeyMismatchError, NoKeyError, NoLeafError
from certkit.formats.keys import KeyFormat
from tests.given import KEY_A, KEY_B, KEY_C, NOW, YEAR, ca, private_key
from tests.issuing import (
    Issued,
    Request,
    join_pem,
    make_chain,
    make_root,
    self_signed,
    with_broken_signature,
)

LEAF: Final = make_chain(intermediates=2)
ROOT: Final = LEAF.issuers[-1]
JUNK: Final = b"no DER at all"
OF_VERSION_2: Final = LEAF.der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101"))


def contents(*found: Issued | bytes, key: Issued | None = None, kind: str = "pem", **more: Any) -> Contents:
    entries = [CertificateEntry(one if isinstance(one, bytes) else one.der) for one in found]
    keys = (KeyEntry(private_key(key)),) if key else ()
    return Contents(kind, tuple(entries), keys, **more)


def roots(*issued: Issued, **more: Any) -> Wishes:
    return Wishes(roots=certificates(issued), **more)


def certificates(issued: Iterable[Issued]) -> tuple[x509.Certificate, ...]:
    return tuple(one.certificate for one in issued)


def dropped(issued: Issued, reason: Reason) -> Dropped:
    return Dropped(issued.sha256, reason, issued.certificate)


def outline(bundle: Bundle) -> tuple[tuple[x509.Certificate, ...], bool, tuple[Dropped, ...]]:
    return bundle.chain, bundle.is_complete, bundle.dropped


def test_a_bundle_in_order_is_the_whole_of_it() -> None:
    found = contents(LEAF, *LEAF.issuers[:-1], key=LEAF, notes=("passed-over: a comment",))

    assert assemble(found, NOW) == Bundle(
        leaf=LEAF.certificate,
        chain=certificates(LEAF.issuers[:-1]),
        root=None,
        private_key=private_key(LEAF),
        is_complete=False,
        was_reordered=False,
        dropped=(),
        notes=("passed-over: a comment",),
    )


EVERYTHING: Final[tuple[Issued | bytes, ...]] = (
    LEAF,
    *LEAF.issuers,
    LEAF,
    LEAF.issuers[0],
    make_root("Stranger", key=KEY_C),
    JUNK,
)


@given(st.permutations(EVERYTHING))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_input_changes_only_the_order_of_what_is_dropped(shuffled: list[Issued | bytes]) -> None:
    bundle = assemble(contents(*shuffled, key=LEAF, kind="pkcs12"), NOW)

    expected = assemble(contents(*EVERYTHING, key=LEAF, kind="pkcs12"), NOW)
    assert bundle._replace(dropped=()) == expected._replace(dropped=())
    assert sorted(each.sha256 + each.reason for each in bundle.dropped) == sorted(
        each.sha256 + each.reason for each in expected.dropped
    )


# The root


def test_a_root_at_the_end_of_the_chain_is_left_out() -> None:
    bundle = assemble(contents(LEAF, *LEAF.issuers, key=LEAF), NOW)

    assert outline(bundle) == (certificates(LEAF.issuers[:-1]), True, (dropped(ROOT, Reason.ROOT),))
    assert (bundle.root, bundle.whole_chain) == (ROOT.certificate, certificates(LEAF.issuers))


def test_a_root_that_was_asked_for_stays() -> None:
    bundle = assemble(contents(LEAF, *LEAF.issuers, key=LEAF), NOW, Wishes(include_root=True))

    assert outline(bundle) == (certificates(LEAF.issuers), True, ())
    assert (bundle.root, bundle.whole_chain) == (ROOT.certificate, bundle.chain)


def test_a_root_that_signed_the_leaf_itself_stays() -> None:
    leaf = ROOT.issue(Request())

    bundle = assemble(contents(leaf, ROOT, key=leaf), NOW)

    assert outline(bundle) == ((ROOT.certificate,), True, ())


def test_a_self_signed_leaf_is_complete_without_a_chain() -> None:
    leaf = self_signed(Request())

    bundle = assemble(contents(leaf, key=leaf), NOW)

    assert outline(bundle) == ((), True, ())
    assert (bundle.root, bundle.whole_chain) == (leaf.certificate, ())


def test_a_chain_with_a_gap_ends_before_it() -> None:
    first, second, third = make_chain(intermediates=3).issuers[:3]
    leaf = first.issue(Request())

    bundle = assemble(contents(leaf, first, third, key=leaf), NOW)

    assert outline(bundle) == (certificates([first]), False, (dropped(third, Reason.UNRELATED),))
    assert second.certificate not in bundle.whole_chain


# --roots


def test_a_root_beside_the_bundle_completes_the_chain_without_standing_in_it() -> None:
    found = contents(LEAF, *LEAF.issuers[:-1], key=LEAF)

    for wishes in (roots(ROOT), roots(ROOT, include_root=True), roots(make_root("Stranger", key=KEY_C), ROOT)):
        assert outline(assemble(found, NOW, wishes)) == (certificates(LEAF.issuers[:-1]), True, ())


def test_a_root_beside_a_private_cas_leaf_completes_it_without_a_chain() -> None:
    leaf = ROOT.issue(Request())

    assert outline(assemble(contents(leaf, key=leaf), NOW, roots(ROOT))) == ((), True, ())


def test_intermediates_beside_the_bundle_complete_it_too() -> None:
    found = contents(LEAF, LEAF.issuers[0], key=LEAF)

    assert outline(assemble(found, NOW, roots(*LEAF.issuers[1:]))) == (certificates(LEAF.issuers[:1]), True, ())


def test_an_intermediate_beside_the_bundle_is_no_root() -> None:
    found = contents(LEAF, LEAF.issuers[0], key=LEAF)

    assert outline(assemble(found, NOW, roots(LEAF.issuers[1]))) == (certificates(LEAF.issuers[:1]), False, ())


def test_a_stranger_beside_the_bundle_completes_nothing() -> None:
    stranger = make_root("Example Root", key=KEY_C)

    bundle = assemble(contents(LEAF, *LEAF.issuers[:-1], key=LEAF), NOW, roots(stranger))

    assert outline(bundle) == (certificates(LEAF.issuers[:-1]), False, ())


def test_a_fork_is_decided_in_favour_of_a_root_beside_the_bundle() -> None:
    root, absent = make_root("Root", key=KEY_A), make_root("Absent", key=KEY_B)
    old = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR))
    newer = absent.issue(ca("Issuing", KEY_C, not_before=NOW - YEAR))
    leaf = old.issue(Request())

    bundle = assemble(contents(leaf, newer, old, key=leaf, kind="pkcs12"), NOW, roots(root))

    assert outline(bundle) == (certificates([old]), True, (dropped(newer, Reason.ALTERNATIVE),))


# What stands beside the bundle, and may stand in it


def additions(*issued: Issued, **more: Any) -> Wishes:
    """These certificates may stand in the chain, each from a file of its name."""
    return Wishes(
        additions=tuple(Addition(one.certificate, f"{number}.pem") for number, one in enumerate(issued)), **more
    )


def test_what_is_missing_is_taken_from_beside_and_said() -> None:
    first, second, root = LEAF.issuers

    bundle = assemble(contents(LEAF, first, key=LEAF), NOW, additions(root, second, first))

    assert outline(bundle) == (certificates([first, second]), True, ())
    assert (bundle.root, bundle.was_reordered) == (None, False)
    assert bundle.completed == (Addition(second.certificate, "1.pem"),)
    assert bundle.notes == (
        "completed: Example Intermediate 0, from 1.pem",
        "completed: Example Root, from 0.pem; it is the root, and left out of the chain",
    )


def test_a_root_from_beside_stands_in_the_chain_where_it_is_asked_for_or_alone() -> None:
    leaf = ROOT.issue(Request())

    alone = assemble(contents(leaf, key=leaf), NOW, additions(ROOT))
    asked_for = assemble(contents(LEAF, *LEAF.issuers[:-1], key=LEAF), NOW, additions(ROOT, include_root=True))

    assert (alone.chain, alone.root, alone.notes) == (
        (ROOT.certificate,),
        ROOT.certificate,
        ("completed: Example Root, from 0.pem",),
    )
    assert (asked_for.chain, asked_for.root) == (certificates(LEAF.issuers), ROOT.certificate)


def test_what_is_not_needed_of_it_is_neither_dropped_nor_said() -> None:
    stranger = make_root("Stranger", key=KEY_C)

    bundle = assemble(contents(LEAF, *LEAF.issuers, key=LEAF), NOW, additions(stranger, *LEAF.issuers, LEAF))

    assert bundle == assemble(contents(LEAF, *LEAF.issuers, key=LEAF), NOW)


def test_a_pem_file_is_not_reordered_by_what_is_put_into_it() -> None:
    first, second, root = LEAF.issuers

    bundle = assemble(contents(LEAF, first, root, key=LEAF), NOW, additions(second))

    assert (bundle.chain, bundle.was_reordered) == (certificates([first, second]), False)


def test_an_expired_certificate_gives_way_to_one_from_beside() -> None:
    root = make_root("Root", key=KEY_A)
    expired = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR, not_after=NOW - YEAR))
    renewed = root.issue(ca("Issuing", KEY_C))
    leaf = renewed.issue(Request())

    bundle = assemble(contents(leaf, expired, key=leaf), NOW, additions(renewed))

    assert outline(bundle) == (certificates([renewed]), False, (dropped(expired, Reason.EXPIRED),))


# --prefer-root


def test_no_path_under_the_preferred_root_is_a_note() -> None:
    bundle = assemble(contents(LEAF, *LEAF.issuers, key=LEAF), NOW, Wishes(root_name="Another Root"))

    assert bundle.chain == certificates(LEAF.issuers[:-1])
    assert bundle.notes == ("prefer-root: no path leads to a root called Another Root, so the usual preference counts",)


@pytest.mark.parametrize("count", [2, 3])
def test_a_path_under_the_preferred_root_leaves_nothing_to_say(count: int) -> None:
    bundle = assemble(contents(LEAF, *LEAF.issuers[:count], key=LEAF), NOW, Wishes(root_name="example root"))

    assert (bundle.chain, bundle.notes) == (certificates(LEAF.issuers[:2]), ())


def test_a_path_that_is_not_taken_for_the_preferred_root_is_an_alternative() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross = elder.issue(ca("Root", KEY_A))
    leaf = root.issue(Request())

    bundle = assemble(contents(leaf, root, cross, key=leaf), NOW, Wishes(root_name="Elder Root"))

    assert outline(bundle) == (certificates([cross]), False, (dropped(root, Reason.ALTERNATIVE),))


# What is left out, and why


def test_a_second_copy_of_the_leaf_is_a_leaf_copy_and_of_another_a_duplicate() -> None:
    issuing, stranger = LEAF.issuers[0], make_root("Stranger", key=KEY_C)

    bundle = assemble(contents(LEAF, issuing, LEAF, issuing, stranger, stranger, key=LEAF), NOW)

    assert bundle.dropped == (
        dropped(LEAF, Reason.LEAF_COPY),
        dropped(issuing, Reason.DUPLICATE),
        dropped(stranger, Reason.UNRELATED),
        dropped(stranger, Reason.DUPLICATE),
    )


def test_the_other_path_is_an_alternative_and_what_of_it_has_expired_is_expired() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    issuing = root.issue(ca("Issuing", KEY_C))
    expired = root.issue(ca("Issuing", KEY_C, not_before=NOW - 2 * YEAR, not_after=NOW - YEAR))
    future = root.issue(ca("Issuing", KEY_C, not_before=NOW + YEAR))
    cross = elder.issue(ca("Root", KEY_A))
    leaf = issuing.issue(Request())

    bundle = assemble(contents(leaf, issuing, root, expired, future, cross, elder, key=leaf), NOW)

    assert bundle.dropped == (
        dropped(root, Reason.ROOT),
        dropped(expired, Reason.EXPIRED),
        dropped(future, Reason.ALTERNATIVE),
        dropped(cross, Reason.ALTERNATIVE),
        dropped(elder, Reason.ALTERNATIVE),
    )


def test_another_certificate_for_the_same_key_is_an_alternative_until_it_expires() -> None:
    leaf = ROOT.issue(Request(not_before=NOW - YEAR))
    elder = ROOT.issue(Request(not_before=NOW - 2 * YEAR))
    expired = ROOT.issue(Request(not_before=NOW - 3 * YEAR, not_after=NOW - 2 * YEAR))

    bundle = assemble(contents(leaf, elder, expired, ROOT, key=leaf), NOW)

    assert bundle.dropped == (dropped(elder, Reason.ALTERNATIVE), dropped(expired, Reason.EXPIRED))


def test_a_certificate_that_cannot_be_parsed_is_left_out_and_told() -> None:
    bundle = assemble(contents(JUNK, LEAF, *LEAF.issuers[:-1], key=LEAF), NOW)

    unreadable = Dropped(hashlib.sha256(JUNK).hexdigest(), Reason.UNREADABLE, flaw="it is malformed, or not strict DER")
    assert outline(bundle) == (certificates(LEAF.issuers[:-1]), False, (unreadable,))
    assert not bundle.was_reordered


# Order


@pytest.mark.parametrize(
    ("found", "kind", "expected"),
    [
        ((LEAF, *LEAF.issuers), "pem", False),
        ((LEAF, LEAF, *LEAF.issuers), "pem", False),
        ((LEAF, LEAF.issuers[0], JUNK, ROOT), "pem", False),
        ((*LEAF.issuers, LEAF), "pem", True),
        ((LEAF, *reversed(LEAF.issuers)), "pem", True),
        ((LEAF, ROOT, *LEAF.issuers[:-1]), "pem", True),
        ((*LEAF.issuers, LEAF), "pkcs12", False),
    ],
    ids=["in order", "a copy", "a gap", "leaf last", "backwards", "root first", "a PFX has no order"],
)
def test_a_pem_file_in_another_order_was_reordered(found: tuple[Issued, ...], kind: str, *, expected: bool) -> None:
    assert assemble(contents(*found, key=LEAF, kind=kind), NOW).was_reordered is expected


# Failures


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([JUNK], "the certificate cannot be parsed: it is malformed, or not strict DER"),
        ([OF_VERSION_2], "the certificate cannot be parsed: it is of X.509 version 2"),
        (
            [OF_VERSION_2, JUNK],
            "none of the 2 certificates can be parsed; the first: it is of X.509 version 2",
        ),
    ],
)
def test_nothing_that_can_be_parsed_is_unreadable_and_says_why(found: list[bytes], message: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        assemble(contents(*found), NOW, Wishes(needs_key=True))

    assert caught.value.message == message


def test_a_certificate_that_cannot_be_parsed_and_is_the_keys_is_the_cause() -> None:
    """Its public key is found where the parser gives up on the rest of it."""
    with pytest.raises(InputUnreadableError) as caught:
        assemble(contents(JUNK, OF_VERSION_2, *LEAF.issuers, key=LEAF), NOW)

    assert caught.value.message == "the certificate for the private key cannot be parsed: it is of X.509 version 2"


def test_one_that_can_be_parsed_for_the_same_key_is_taken_in_its_place() -> None:
    bundle = assemble(contents(OF_VERSION_2, LEAF, *LEAF.issuers, key=LEAF), NOW)

    assert bundle.leaf == LEAF.certificate


@pytest.mark.parametrize(
    ("unparsed", "hint"),
    [
        (
            [JUNK],
            "a certificate (sha256 0b0dae8c5221cd1b…) could not be parsed, and may be for it: it is malformed, or not strict DER",
        ),
        (
            [OF_VERSION_2, JUNK, JUNK + JUNK],
            "2 certificates could not be parsed, and may be for it: it is malformed, or not strict DER",
        ),
        ([OF_VERSION_2], "look for the key that the certificate was requested with, or name it with --key"),
    ],
)
def test_a_key_that_stands_alone_beside_what_cannot_be_parsed_is_a_mismatch_that_says_so(
    unparsed: list[bytes], hint: str
) -> None:
    stranger = self_signed(Request(key=KEY_A))

    with pytest.raises(KeyMismatchError) as caught:
        assemble(contents(LEAF, *unparsed, key=stranger), NOW)

    assert (caught.value.part, caught.value.hint) == ("key", hint)


def test_a_key_of_another_certificate_is_a_mismatch() -> None:
    with pytest.raises(KeyMismatchError) as caught:
        assemble(contents(LEAF, key=self_signed(Request(key=KEY_A))), NOW)

    assert caught.value.hint == "look for the key that the certificate was requested with, or name it with --key"


def test_a_key_alone_has_no_leaf() -> None:
    with pytest.raises(NoLeafError, match="only a private key"):
        assemble(contents(key=LEAF), NOW, Wishes(needs_key=True))


def test_a_missing_key_fails_where_one_is_needed_alone() -> None:
    found = contents(LEAF, *LEAF.issuers)

    with pytest.raises(NoKeyError) as caught:
        assemble(found, NOW, Wishes(needs_key=True))

    assert (caught.value.part, caught.value.hint) == ("key", "name it with --key FILE")
    assert assemble(found, NOW).leaf == LEAF.certificate


def test_a_broken_signature_in_the_chain_fails() -> None:
    broken = with_broken_signature(LEAF.issuers[0])

    with pytest.raises(ChainBrokenError) as caught:
        assemble(contents(LEAF, broken.public_bytes(Encoding.DER), *LEAF.issuers[1:], key=LEAF), NOW, roots(ROOT))

    assert caught.value.part == "chain[1]"


# The three parts


@pytest.mark.parametrize(
    ("key_format", "label"), [(KeyFormat.PKCS8, b"PRIVATE KEY"), (KeyFormat.TRADITIONAL, b"EC PRIVATE KEY")]
)
def test_a_bundle_is_encoded_as_canonical_pem(key_format: KeyFormat, label: bytes) -> None:
    bundle = assemble(contents(*LEAF.issuers, LEAF, key=LEAF), NOW)

    parts = encode_parts(bundle, key_format)

    key = LEAF.key_pem if key_format is KeyFormat.PKCS8 else LEAF.traditional_key_pem
    assert parts == Parts(LEAF.pem, key, join_pem(LEAF.issuers[:-1]))
    assert parts.key.startswith(b"-----BEGIN " + label)


def test_a_bundle_without_a_key_has_no_parts_for_an_import() -> None:
    bundle = assemble(contents(LEAF), NOW)

    with pytest.raises(NoKeyError):
        encode_parts(bundle, KeyFormat.PKCS8)
    assert encode_certificates(bundle) == Parts(LEAF.pem, b"", b"")


def test_a_key_without_a_traditional_form_is_noted() -> None:
    leaf = self_signed(Request(key=("Ed25519", 0)))

    bundle = assemble(contents(leaf, key=leaf), NOW)

    assert bundle.notes == ("no-traditional-form: an Ed25519 key has no form but PKCS#8, and ACM does not take it",)


def test_keys_are_in_no_repr() -> None:
    bundle = assemble(contents(LEAF, key=LEAF), NOW)

    shown = repr((bundle, encode_parts(bundle, KeyFormat.PKCS8)))

    assert ("private_key" in shown, "PRIVATE KEY" in shown, "key=" in shown) == (False, False, False)
