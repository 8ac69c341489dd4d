"""Certificates and keys that nothing can be done with: the first thing said is what is wrong with them."""

import base64
import hashlib
from pathlib import Path
from typing import Final

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import mldsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certkit import certificate as x
from tests.cli.bundles import pem, save, shop
from tests.cli.running import Finished, certkit, program
from tests.issuing import NOT_AFTER, NOT_BEFORE, Issued, Request, make_root, self_signed

P256: Final = bytes.fromhex("2a8648ce3d030107")
C2PNB163V1: Final = bytes.fromhex("2a8648ce3d030001")
"""A curve of ANSI X9.62 that cryptography does not know, with an object identifier of the same length."""

SHOP: Final = Request(sans=("shop.example.com",))
NAME: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example.com")])


def block(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


def key_der(issued: Issued) -> bytes:
    return issued.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def on_another_curve(issued: Issued) -> tuple[bytes, bytes]:
    """The certificate and the key of `issued`, as if they stood on another curve."""
    certificate, key = issued.der, key_der(issued)
    return (
        block("CERTIFICATE", certificate.replace(P256, C2PNB163V1, 1)),
        block("PRIVATE KEY", key.replace(P256, C2PNB163V1, 1)),
    )


def findings(done: Finished) -> list[tuple[str, str]]:
    (result,) = done.document["results"]
    return [(finding["rule"], finding["message"]) for finding in result["findings"] if finding["severity"] == "error"]


UNSUPPORTED: Final = (
    "key-algorithm-unsupported",
    "the key is of a kind or on a curve (1.2.840.10045.3.0.1) that ACM does not import",
)


@pytest.mark.parametrize("as_is", [False, True], ids=["read", "as it is"])
def test_a_key_on_a_curve_that_certkit_cannot_read_is_a_finding_with_its_certificate(
    tmp_path: Path, *, as_is: bool
) -> None:
    body, key = on_another_curve(self_signed(SHOP))
    certificate, private_key = save(tmp_path, "body.pem", body), save(tmp_path, "key.pem", key)

    how = ("--as-is", "--body", certificate) if as_is else (certificate,)
    done = certkit("validate", *how, "--key", private_key, "--format", "json")

    assert (done.exit_code, findings(done)) == (1, [UNSUPPORTED])


def test_what_else_is_wrong_with_the_certificate_is_found_too(tmp_path: Path) -> None:
    long_ago = self_signed(Request(sans=SHOP.sans, not_before=NOT_BEFORE.replace(year=2019), not_after=NOT_BEFORE))
    source = save(tmp_path, "both.pem", b"".join(on_another_curve(long_ago)))

    done = certkit("validate", source, "--format", "json", now=NOT_AFTER)

    assert (done.exit_code, [rule for rule, _ in findings(done)]) == (
        1,
        ["key-algorithm-unsupported", "certificate-expired"],
    )


def test_such_a_key_with_a_certificate_of_another_kind_cannot_be_judged(tmp_path: Path) -> None:
    issued = self_signed(SHOP)
    source = save(tmp_path, "both.pem", issued.pem + on_another_curve(issued)[1])

    done = certkit("validate", source, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "algorithm-unsupported")
    assert done.document["error"]["message"] == (
        f"{source}: the private key is of a kind or on a curve (1.2.840.10045.3.0.1) that is not supported"
    )


@pytest.mark.parametrize("command", [("split", "--out", "out"), ("inspect",)], ids=lambda command: command[0])
def test_such_a_key_is_no_use_elsewhere(command: tuple[str, ...], tmp_path: Path) -> None:
    source = save(tmp_path, "both.pem", b"".join(on_another_curve(self_signed(SHOP))))

    done = certkit(*command, source, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "algorithm-unsupported")
    assert not (tmp_path / "out").exists()


def test_a_pair_of_a_kind_that_acm_does_not_take_is_split_and_not_importable(tmp_path: Path) -> None:
    key = mldsa.MLDSA44PrivateKey.generate()
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    names = x509.SubjectAlternativeName([x509.DNSName("shop.example.com")])
    encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = builder.add_extension(names, critical=False).sign(key, None)
    source = save(tmp_path, "both.pem", x.to_pem(certificate) + block("PRIVATE KEY", encoded))

    judged = certkit("validate", source, "--format", "json")
    done = certkit("split", source, "--out", tmp_path / "out")

    assert findings(judged) == [("key-algorithm-unsupported", "the key is ML_DSA_44, which ACM does not import")]
    assert done.exit_code == 0
    written = (tmp_path / "out" / "cert_key.pem").read_bytes()
    assert base64.b64decode(b"".join(written.splitlines()[1:-1])) == encoded


def test_a_pair_for_key_agreement_alone_is_read(tmp_path: Path) -> None:
    """RFC 8410 has certificates on X25519, which cannot sign: another key does that."""
    root, key = make_root(), x25519.X25519PrivateKey.generate()
    builder = x509.CertificateBuilder(root.certificate.subject, NAME, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    certificate = builder.sign(root.private_key, x.signature_hash(root.certificate))  # type: ignore[arg-type]  # ECDSA's
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    source = save(tmp_path, "both.pem", x.to_pem(certificate) + encoded)

    judged = certkit("validate", source, "--format", "json")

    assert findings(judged) == [("key-algorithm-unsupported", "the key is X25519, which ACM does not import")]


@pytest.mark.parametrize("command", [("split", "--out", "out"), ("validate",)], ids=lambda command: command[0])
def test_a_certificate_that_cannot_be_parsed_is_not_told_as_a_mismatch(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    issued = shop()
    of_version_2 = block("CERTIFICATE", issued.der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101")))
    source = save(tmp_path, "shop.pem", of_version_2 + issued.chain_pem + issued.key_pem)

    done = certkit(*command, source, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-unreadable")
    assert done.document["error"]["message"] == (
        f"{source}: the certificate for the private key cannot be parsed: it is of X.509 version 2"
    )


def test_what_is_left_out_for_it_is_told_with_what_is_wrong(tmp_path: Path) -> None:
    issued = shop()
    junk = block("CERTIFICATE", b"\x30\x03\x02\x01\x00")
    source = save(tmp_path, "shop.pem", pem(issued) + junk)

    done = certkit("split", source, "--out", tmp_path / "out")

    fingerprint = hashlib.sha256(b"\x30\x03\x02\x01\x00").hexdigest()
    assert done.stdout.splitlines()[-1] == (
        f"  left out: sha256 {fingerprint[:16]}… (it cannot be parsed: it is malformed, or not strict DER)"
    )


# Roots with the serial number 0, of which cryptography warns


def root_with_serial_0() -> bytes:
    pems = (
        "-----BEGIN CERTIFICATE-----" + each for each in certifi.contents().split("-----BEGIN CERTIFICATE-----")[1:]
    )
    ders = {pem: base64.b64decode(pem.split("-----")[2]) for pem in pems}
    return next(pem for pem, der in ders.items() if (found := x.load(der)) and x.serial_number(found) == 0).encode()


@pytest.mark.parametrize(
    "command",
    [("inspect",), ("inspect", "--format", "json"), ("split", "--out", "out"), ("validate",)],
    ids=" ".join,
)
def test_a_public_root_without_a_serial_number_is_no_cause_for_a_warning(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    source = save(tmp_path, "shop.pem", pem(self_signed(SHOP)) + root_with_serial_0())

    done = program(*command, source, folder=tmp_path)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout
