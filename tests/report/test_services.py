"""The page of the services."""

from pathlib import Path
from typing import Final

from certkit.report import services as report
from certkit.rules.services import SERVICES

PAGE: Final = Path(__file__).parents[2] / "docs" / "services.md"


def test_the_page_of_the_services_is_up_to_date() -> None:
    """`make docs` writes it."""
    assert PAGE.read_text("utf-8") == report.page(SERVICES)


def test_each_service_has_a_row_with_its_limits() -> None:
    rows = [line for line in report.page(SERVICES).splitlines() if line.startswith("| `")]

    assert [row.split("`")[1] for row in rows] == list(SERVICES)
    assert rows[list(SERVICES).index("iot")] == (
        "| `iot` | [IoT Core, custom domain](https://docs.aws.amazon.com/iot/latest/developerguide/"
        "iot-custom-endpoints-configurable-custom.html) | its own | RSA_2048, EC_prime256v1 | "
        "extended key usage serverAuth; names a domain name; at most 5 certificates, the leaf counted; "
        "a chain of at most 16,384 bytes |"
    )
