"""What is said of a bundle beside its result."""

from certkit.assembly import assemble
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.report.remarks import remarks
from tests.given import KEY_A, KEY_B, KEY_C, NOW, ca, private_key
from tests.issuing import Issued, Request, make_root


def said_of(leaf: Issued, *others: Issued) -> list[str]:
    entries = tuple(CertificateEntry(issued.der) for issued in (leaf, *others))
    return list(remarks(assemble(Contents("pem", entries, (KeyEntry(private_key(leaf)),)), NOW)))


def test_what_is_left_out_is_told_by_its_name_alone_where_no_other_has_it() -> None:
    root = make_root("Root", key=KEY_A)
    issuing = root.issue(ca("Issuing", KEY_B))

    assert said_of(issuing.issue(Request(key=KEY_C)), issuing, root) == ["left out: Root (the root: clients have it)"]


def test_of_two_with_one_name_the_issuer_tells_them_apart() -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross, issuing = elder.issue(ca("Root", KEY_A)), root.issue(ca("Issuing", KEY_C))

    said = said_of(issuing.issue(Request()), issuing, cross, root)

    assert said == [
        "left out: Root, issued by Elder Root (on another path than the one taken)",
        "left out: Root, self-signed (the root: clients have it)",
    ]


def test_one_that_stands_there_twice_is_one() -> None:
    root = make_root("Root", key=KEY_A)
    issuing = root.issue(ca("Issuing", KEY_B))

    said = said_of(issuing.issue(Request(key=KEY_C)), issuing, issuing, root)

    assert said == ["left out: Issuing (it stands there twice)", "left out: Root (the root: clients have it)"]
