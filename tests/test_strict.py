"""What certkit mends is an error where that is asked for."""

import pytest

from certkit.assembly import Wishes, assemble
from certkit.bundle import Addition
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.errors import RepairRefusedError
from certkit.strict import refuse_repairs
from tests.given import NOW, private_key
from tests.issuing import Issued, Request, make_chain, make_root

LEAF = make_chain(leaf=Request(sans=("shop.example.com",)))
ISSUING, ROOT = LEAF.issuers
STRANGER = make_root("Stranger", key=("EC_prime256v1", 7))


def refuse(*found: Issued | bytes, wishes: Wishes | None = None) -> None:
    """Refuses what is mended in a bundle of these certificates."""
    entries = tuple(CertificateEntry(one if isinstance(one, bytes) else one.der) for one in found)
    refuse_repairs(assemble(Contents("pem", entries, (KeyEntry(private_key(LEAF)),)), NOW, wishes), NOW)


@pytest.mark.parametrize(
    ("found", "wishes"),
    [
        ((LEAF, ISSUING), None),
        ((LEAF,), None),
        ((LEAF, ISSUING, ROOT), Wishes(include_root=True)),
        ((LEAF, ISSUING), Wishes(additions=(Addition(ISSUING.certificate, "beside.pem"),))),
        ((LEAF, ISSUING), Wishes(additions=(Addition(ROOT.certificate, "http://ca.example/"),))),
        ((LEAF, ISSUING), Wishes(roots=(ROOT.certificate,))),
    ],
    ids=["in order", "alone", "root kept", "nothing lacking", "a root that is left out", "roots beside"],
)
def test_a_bundle_that_is_sent_as_it_is_passes(found: tuple[Issued, ...], wishes: Wishes | None) -> None:
    refuse(*found, wishes=wishes)


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        ((ISSUING, LEAF), "chain-reordered"),
        ((LEAF, LEAF, ISSUING), "leaf-copy-removed"),
        ((LEAF, ISSUING, ISSUING), "duplicate-removed"),
        ((LEAF, ISSUING, ROOT), "root-removed"),
        ((LEAF, ISSUING, STRANGER), "unrelated-removed"),
        ((LEAF, ISSUING, b"junk"), "unreadable-removed"),
    ],
)
def test_what_is_mended_is_refused_by_the_name_of_its_rule(found: tuple[Issued | bytes, ...], rule: str) -> None:
    with pytest.raises(RepairRefusedError, match=rf"\[{rule}\]$"):
        refuse(*found)


def test_a_completed_chain_is_refused() -> None:
    with pytest.raises(RepairRefusedError) as caught:
        refuse(LEAF, wishes=Wishes(additions=(Addition(ISSUING.certificate, "beside.pem"),)))

    assert (
        caught.value.message == "chain[0]: Example Intermediate 0 was missing, and is from beside.pem [chain-completed]"
    )
    assert caught.value.hint == "certkit would mend this: leave out --strict to let it, or mend the input"
    assert caught.value.exit_code == 3


def test_of_several_repairs_the_first_is_named_and_the_others_are_counted() -> None:
    with pytest.raises(RepairRefusedError, match=r"\[leaf-copy-removed\] \(and 2 more: certkit validate shows all\)$"):
        refuse(LEAF, LEAF, ISSUING, ROOT, STRANGER)
