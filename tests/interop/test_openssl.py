"""Compares what certkit splits with what the openssl program makes of the same bundle."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.interop.expectations import Entry, Split, sha256_of_pem, split, supported

PROGRAM: Final = shutil.which("openssl") or ""

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(not PROGRAM, reason="the openssl program is not installed"),
]

LEGACY: Final = ("-provider", "legacy", "-provider", "default")
WRONGLY_MARKED: Final = {"forge/leaf-last.p12"}
"""Where the key's identifier stands on another certificate than the leaf."""

WITHOUT_PUBLIC_HALF: Final = {"ocaml/sha512-p256.p12"}
"""Whose EC key does not hold the public one (RFC 5915 section 3), which certkit puts in."""

PFX_SUFFIXES: Final = (".pfx", ".p12")
PEM_SUFFIX: Final = ".pem"


@dataclass(frozen=True, slots=True)
class Written:
    """What certkit wrote for one entry."""

    entry: Entry
    seen: Split
    folder: Path

    @property
    def key(self) -> Path:
        """The private key."""
        return self.folder / "cert_key.pem"

    @property
    def body(self) -> Path:
        """The leaf."""
        return self.folder / "cert_body.pem"

    @property
    def chain(self) -> Path:
        """The chain; not there where it is empty."""
        return self.folder / "cert_chain.pem"

    @property
    def is_pfx(self) -> bool:
        """Whether the source is a PFX; else it is PEM."""
        return self.entry.source.suffix in PFX_SUFFIXES

    def openssl(self, *arguments: str | Path) -> bytes:
        """Runs openssl with the source's password, and skips the test where it cannot do what is asked."""
        done = openssl(*arguments, password=self.entry.environment.get("FIXTURE_PASSWORD", ""))
        if done.returncode:
            pytest.skip(f"openssl cannot: {done.stderr.decode(errors='replace').splitlines()[-1:]}")
        return done.stdout


def openssl(*arguments: str | Path, password: str = "", stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs the openssl program; the password is `env:FIXTURE_PASSWORD`."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "FIXTURE_PASSWORD": password}
    return subprocess.run((PROGRAM, *arguments), input=stdin, capture_output=True, env=environment, check=False)


def _comparable() -> Iterator[Entry]:
    """The entries that succeed and need nothing that openssl does not have."""
    for entry in supported():
        succeeds = all(isinstance(outcome, Split) for outcome in entry.outcomes)
        is_known = entry.source.suffix in {*PFX_SUFFIXES, PEM_SUFFIX} and b" PKCS7-" not in entry.source.read_bytes()
        if succeeds and is_known and not {"--alias", "--key"} & set(entry.options):
            yield entry


@pytest.fixture(scope="module", params=_comparable(), ids=str)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What certkit wrote, for each entry once."""
    folder = tmp_path_factory.mktemp("split")
    seen = split(request.param, folder)
    assert isinstance(seen, Split), seen
    return Written(request.param, seen, folder)


def test_the_key_is_the_one_that_openssl_reads(written: Written) -> None:
    if written.entry.path in WITHOUT_PUBLIC_HALF:
        pytest.skip("openssl leaves the public half out where the file does")
    expected = _key_by_openssl(written)

    seen = openssl("pkey", "-in", written.key, "-traditional")

    assert seen.stdout == expected


def test_the_certificates_are_those_that_openssl_reads(written: Written) -> None:
    expected = set(sha256_of_pem(_certificates_by_openssl(written)))
    if not expected:
        pytest.skip("openssl finds no certificate in this shape of PEM")

    certificates = (written.seen.leaf_sha256, *written.seen.chain_sha256)

    assert set(certificates) <= expected
    if written.seen.dropped is not None:
        assert {*certificates, *(sha256 for sha256, _ in written.seen.dropped)} == expected


def test_the_leaf_and_the_chain_of_a_pfx_are_the_client_and_the_ca_certificates(written: Written) -> None:
    if not written.is_pfx or written.entry.path in WRONGLY_MARKED:
        pytest.skip("openssl tells client from CA certificates in a PFX only")
    clients = sha256_of_pem(_from_pfx(written, "-nokeys", "-clcerts"))
    if len(set(clients)) != 1:
        pytest.skip("the program that wrote it did not mark the leaf with the key's identifier")

    dropped = {sha256 for sha256, reason in written.seen.dropped or () if reason != "duplicate"}

    assert {written.seen.leaf_sha256} == set(clients)
    assert set(written.seen.chain_sha256) == set(sha256_of_pem(_from_pfx(written, "-nokeys", "-cacerts"))) - dropped


def test_the_leaf_is_written_as_openssl_writes_it(written: Written) -> None:
    expected = openssl("x509", "-in", written.body)

    assert written.body.read_bytes() == expected.stdout


def test_the_key_belongs_to_the_leaf(written: Written) -> None:
    expected = openssl("x509", "-in", written.body, "-noout", "-pubkey")

    seen = openssl("pkey", "-in", written.key, "-pubout")

    assert seen.stdout == expected.stdout


def test_openssl_finds_the_way_from_the_leaf_to_the_end_of_the_chain(written: Written, tmp_path: Path) -> None:
    if not written.seen.chain_sha256:
        pytest.skip("there is no chain")
    last = tmp_path / "last.pem"
    last.write_bytes(
        re.findall(rb"-----BEGIN.*?-----END CERTIFICATE-----\n", written.chain.read_bytes(), re.DOTALL)[-1]
    )

    options = ("-partial_chain", "-no_check_time", "-no-CAfile", "-no-CApath")
    done = openssl("verify", *options, "-trusted", last, "-untrusted", written.chain, written.body)

    assert done.returncode == 0, done.stderr


def _key_by_openssl(written: Written) -> bytes:
    if not written.is_pfx:
        if written.entry.source.read_bytes().count(b"PRIVATE KEY-----") != 2:
            pytest.skip("openssl reads the first key and no other")
        passin = ("-passin", "env:FIXTURE_PASSWORD")
        return written.openssl("pkey", "-in", written.entry.source, *passin, "-traditional", *LEGACY)
    key = _from_pfx(written, "-nocerts", "-nodes")
    return openssl("pkey", "-traditional", stdin=key).stdout


def _certificates_by_openssl(written: Written) -> bytes:
    if written.is_pfx:
        return _from_pfx(written, "-nokeys")
    bundle = written.openssl("crl2pkcs7", "-nocrl", "-certfile", written.entry.source)
    return openssl("pkcs7", "-print_certs", stdin=bundle).stdout


def _from_pfx(written: Written, *options: str) -> bytes:
    passin = ("-passin", "env:FIXTURE_PASSWORD")
    return written.openssl("pkcs12", "-in", written.entry.source, *passin, *options, "-legacy")
