"""The names that clients call a server by."""

import pytest

from certkit import hosts
from certkit.errors import UsageError
from tests.issuing import Request, self_signed


@pytest.mark.parametrize(
    ("host", "name", "expected"),
    [
        ("shop.example.com", "shop.example.com", True),
        ("SHOP.example.com", "shop.EXAMPLE.com", True),
        ("shop.example.com.", "shop.example.com", True),
        ("localhost", "localhost", True),
        ("my_shop.example.com", "my_shop.example.com", True),
        # RFC 9525, 6.3: the wildcard is the whole first label, and stands for one.
        ("shop.example.com", "*.example.com", True),
        ("xn--bcher-kva.example.com", "*.example.com", True),
        ("*.example.com", "*.example.com", True),
        ("example.com", "*.example.com", False),
        ("a.b.example.com", "*.example.com", False),
        ("shop.example.com", "s*.example.com", False),
        ("shop.example.com", "*op.example.com", False),
        ("shop.example.com", "s*p.example.com", False),
        ("a.shop.example.com", "a.*.example.com", False),
        ("a.b.example.com", "*.*.example.com", False),
        ("localhost", "*", False),
        ("shop.example.com", "*", False),
        ("*.example.com", "shop.example.com", False),
        # Names that are no host name cover nothing.
        ("shop.example.com", "shop.example.com.", False),
        ("shop.example.com", "*.example.com.", False),
        ("shop.example.com", ".shop.example.com", False),
        ("shop.example.com", "", False),
        ("shop.example.org", "shop.example.com", False),
        # Addresses are not compared as names.
        ("192.0.2.1", "192.0.2.1", False),
        ("192.0.2.1", "*.0.2.1", False),
        ("2001:db8::1", "2001:db8::1", False),
    ],
)
def test_a_dns_name_is_for_a_host_as_rfc_9525_says(host: str, name: str, *, expected: bool) -> None:
    assert hosts.is_covered(hosts.parse(host), name) is expected


@pytest.mark.parametrize(
    ("text", "a_labels"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.Example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("\uff53hop.example", "shop.example"),
        # Where IDNA 2003 would make another name of it (UTS 46, section 7).
        ("straße.example", "xn--strae-oqa.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),
        ("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example", "xn--mgba3gch31f060k.example"),
    ],
)
def test_a_name_beyond_ascii_is_encoded_as_browsers_do(text: str, a_labels: str) -> None:
    assert ".".join(hosts.parse(text).labels) == a_labels


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "*",
        "a..example.com",
        ".example.com",
        "https://shop.example.com",
        "shop.example.com:443",
        "shop.example.com/path",
        "-shop.example.com",
        "shop-.example.com",
        "s*.example.com",
        "a.*.example.com",
        "shop example.com",
        "192.0.2.256",
        "192.0.2",
        "fe80::1%eth0",
        "a" * 64 + ".example.com",
        "ü" * 70 + ".example.com",
        ".".join(["a" * 63] * 4),
        "shop\x00.example.com",
        "shop.example.com\n",
        "…",
    ],
)
def test_what_is_no_host_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="is neither a DNS name nor an IP address"):
        hosts.parse(text)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.1", True),
        ("192.0.2.2", False),
        ("2001:db8::1", True),
        ("2001:DB8:0:0::1", True),
        ("[2001:db8::1]", True),
        ("2001:db8::2", False),
        ("::ffff:192.0.2.1", False),
    ],
)
def test_an_address_is_covered_by_the_same_address_alone(host: str, *, expected: bool) -> None:
    certificate = self_signed(Request(sans=("192.0.2.1", "2001:db8::1", "192.0.2.2.example"))).certificate

    assert hosts.covers(certificate, hosts.parse(host)) is expected


def test_the_common_name_never_covers() -> None:
    bare = self_signed(Request(common_name="shop.example.com")).certificate
    beside = self_signed(Request(common_name="shop.example.com", sans=("www.example.com",))).certificate

    assert [hosts.covers(one, hosts.parse("shop.example.com")) for one in (bare, beside)] == [False, False]


def test_any_name_of_many_is_enough_where_they_are_no_certificates() -> None:
    names = ("a.example.com", "*.b.example.com")

    wanted = ("a.example.com", "x.b.example.com", "b.example.com")
    assert [hosts.is_any(hosts.parse(one), names) for one in wanted] == [True, True, False]


def test_one_name_of_many_is_enough() -> None:
    certificate = self_signed(Request(sans=("a.example.com", "192.0.2.1", "*.shop.example.com"))).certificate

    wanted = ("a.example.com", "b.shop.example.com", "b.example.com")
    assert [hosts.covers(certificate, hosts.parse(one)) for one in wanted] == [True, True, False]
