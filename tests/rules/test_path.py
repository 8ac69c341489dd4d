"""What clients ask of a path, and ACM is not known to."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certkit.bundle import Parts
from certkit.rules import Severity, judge
from tests.issuing import Request, as_version_1, make_root, self_signed
from tests.rules.cases import CA, SERVER, UNKNOWN, UNREADABLE, as_is, parts_of

RULES = {"issuer-not-a-ca", "path-length-exceeded", "name-not-permitted", "critical-extension-unknown"}


def found(*cas: Request, leaf: Request = SERVER) -> list[tuple[str, str, str]]:
    """What the rules on paths find in a leaf under these CAs, the topmost first."""
    issuer = make_root()
    for request in cas:
        issuer = issuer.issue(request)
    findings = [each for each in judge(as_is(parts_of(issuer.issue(leaf)))) if each.rule in RULES]
    assert {each.severity for each in findings} <= {Severity.WARNING}
    return [(each.rule, each.part, each.message) for each in findings]


def constrained(*, permitted: tuple[str, ...] = (), excluded: tuple[str, ...] = ()) -> Request:
    subtrees = [[_general_name(name) for name in names] or None for names in (permitted, excluded)]
    return replace(CA, critical_extensions=(x509.NameConstraints(*subtrees),))


def _general_name(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_network(name)) if "/" in name else x509.DNSName(name)


@pytest.mark.parametrize(
    ("constraints", "name", "is_permitted"),
    [
        (constrained(permitted=("example.com",)), "example.com", True),
        (constrained(permitted=("example.com",)), "a.b.EXAMPLE.com", True),
        (constrained(permitted=("Example.com",)), "*.example.com", True),
        (constrained(permitted=(".example.com",)), "a.example.com", True),
        (constrained(permitted=("",)), "example.com", True),
        (constrained(permitted=("other.example", "example.com")), "a.example.com", True),
        (constrained(permitted=("example.com",)), "notexample.com", False),
        (constrained(permitted=("www.example.com",)), "*.example.com", False),
        (constrained(permitted=("example.com",), excluded=("b.example.com",)), "a.b.example.com", False),
        (constrained(permitted=("example.com",), excluded=("b.example.com",)), "c.example.com", True),
        (constrained(permitted=("example.com",)), "192.0.2.1", True),
        (constrained(permitted=("192.0.2.0/24",)), "192.0.2.1", True),
        (constrained(permitted=("192.0.2.0/24",)), "198.51.100.1", False),
        (constrained(permitted=("192.0.2.0/24",)), "2001:db8::1", False),
        (constrained(excluded=("0.0.0.0/0", "::/0")), "2001:db8::1", False),
        (constrained(excluded=("10.0.0.0/8",)), "192.0.2.1", True),
        (constrained(excluded=("192.0.2.0/24",)), "2001:db8::1", True),
        (constrained(permitted=("example.com",)), "*.example.com", True),
        (constrained(permitted=("b.example.com",)), "a.example.com", False),
    ],
)
def test_a_name_is_held_to_the_constraints_of_each_issuer(
    constraints: Request, name: str, *, is_permitted: bool
) -> None:
    findings = found(constraints, leaf=replace(SERVER, sans=(name,)))

    breach = ("name-not-permitted", "leaf", f"the name constraints of chain[0] do not permit its name {name}")
    assert findings == ([] if is_permitted else [breach])


def test_a_certificate_without_names_breaks_no_name_constraints() -> None:
    assert found(constrained(permitted=("other.example",)), leaf=Request(common_name="Shop")) == []


@pytest.mark.parametrize(
    ("lengths", "breach"),
    [
        ((0,), None),
        ((1, None), None),
        ((2, 1, 0), None),
        ((0, None), ("chain[1]", "it permits 0 CAs below it, and there are 1")),
        ((1, None, None), ("chain[2]", "it permits 1 CAs below it, and there are 2")),
        ((None, 0, None), ("chain[1]", "it permits 0 CAs below it, and there are 1")),
    ],
)
def test_cas_are_counted_down_from_each_issuer(lengths: tuple[int | None, ...], breach: tuple[str, str] | None) -> None:
    cas = [replace(CA, common_name=f"CA {place}", path_length=length) for place, length in enumerate(lengths)]

    assert found(*cas) == ([("path-length-exceeded", *breach)] if breach else [])


def test_a_ca_that_is_its_own_issuer_by_name_does_not_count() -> None:
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Root")])
    rolled_over = replace(CA, common_name="Example Root", issuer_name=root_name)

    assert found(replace(rolled_over, path_length=0), rolled_over) == []


@pytest.mark.parametrize(
    ("issuer", "message"),
    [
        (replace(CA, is_ca=False), "it is not a CA's certificate: its basic constraints do not say so"),
        (replace(CA, key_usages=("crl_sign",)), "its key usage does not let it sign certificates"),
    ],
)
def test_an_issuer_that_may_not_issue_is_named(issuer: Request, message: str) -> None:
    assert found(issuer) == [("issuer-not-a-ca", "chain[0]", message)]


def test_an_issuer_without_key_usage_may_sign() -> None:
    assert found(replace(CA, key_usages=())) == []


def test_a_root_of_version_1_is_an_issuer() -> None:
    root = self_signed(Request(common_name="Old Root", key=("EC_prime256v1", 31)))
    leaf = root.issue(SERVER)

    findings = judge(as_is(Parts(leaf.pem, leaf.key_pem, as_version_1(root))))

    assert list(findings) == []


def test_an_issuer_that_cannot_be_read_is_not_called_anything() -> None:
    assert found(replace(CA, is_ca=False, extensions=(UNREADABLE,))) == []


def test_above_an_issuer_that_cannot_be_read_the_others_are_looked_at() -> None:
    lower = replace(CA, common_name="Lower", extensions=(UNREADABLE,))

    assert found(replace(CA, is_ca=False), lower) == [
        ("issuer-not-a-ca", "chain[1]", "it is not a CA's certificate: its basic constraints do not say so")
    ]


def test_unknown_extensions_count_where_they_are_critical_in_every_certificate() -> None:
    findings = found(
        replace(CA, critical_extensions=(UNKNOWN,)),
        leaf=replace(SERVER, critical_extensions=(x509.PrecertPoison(),)),
    )
    harmless = found(replace(CA, extensions=(UNKNOWN,)), leaf=replace(SERVER, extensions=(UNKNOWN,)))

    assert [(part, message.split()[2]) for _, part, message in findings] == [
        ("leaf", "1.3.6.1.4.1.11129.2.4.3"),
        ("chain[0]", "1.2.3.4"),
    ]
    assert harmless == []
