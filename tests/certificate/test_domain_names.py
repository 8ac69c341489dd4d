"""Which DNS names ACM takes for domains."""

import pytest

from certkit import certificate as x


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", True),
        ("*.example.com", True),
        ("a-b.example.com", True),
        ("xn--bcher-kva.example", True),
        ("4.example.com", True),
        (f"{'a' * 63}.example.com", True),
        (f"{'a' * 64}.example.com", False),
        (".".join(["a" * 49] * 5) + ".com", True),
        (".".join(["a" * 49] * 5) + ".info", False),
        ("localhost", False),
        ("*", False),
        ("a.*.example.com", False),
        ("f*.example.com", False),
        ("a_b.example.com", False),
        ("-a.example.com", False),
        ("a-.example.com", False),
        ("example.c", False),
        ("example.com.", False),
        ("bücher.example", False),
        ("192.0.2.1", False),
        ("example.com\n", False),
        ("", False),
    ],
)
def test_a_domain_is_what_the_pattern_of_acms_service_model_takes(domain: str, *, expected: bool) -> None:
    assert x.is_domain_name(domain) is expected
