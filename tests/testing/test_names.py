"""What the strict ACM calls what is in a certificate."""

import pytest
from cryptography import x509

from certkit.testing import names
from tests.issuing import Request, make_chain


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
@pytest.mark.parametrize(
    ("encoded", "expected"), [("55555555", "55:55:55:55"), ("ff000001", "ff:ff:ff"), ("00ff0001", "ff:00:01")]
)
def test_a_serial_number_has_no_sign(encoded: str, expected: str) -> None:
    issued = make_chain(leaf=Request(serial=0x55555555))
    der = issued.der.replace(b"\x02\x04\x55\x55\x55\x55", b"\x02\x04" + bytes.fromhex(encoded), 1)

    assert names.serial(x509.load_der_x509_certificate(der)) == expected
