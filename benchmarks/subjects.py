"""What the speed marks split cold: a bundle in each format, and the steps by which openssl splits it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures"

_CERTIFICATES: Final = "sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'"

_PFX_STEPS: Final = f"""
openssl pkcs12 -in "$1" -nocerts -nodes -passin env:PFX_PASSWORD | openssl rsa -out "$2/cert_key.pem"
openssl pkcs12 -in "$1" -clcerts -nokeys -passin env:PFX_PASSWORD | openssl x509 -out "$2/cert_body.pem"
openssl pkcs12 -in "$1" -cacerts -nokeys -passin env:PFX_PASSWORD | {_CERTIFICATES} > "$2/cert_chain.pem"
"""
"""The steps that certkit was made to replace, as a shell script of a bundle and a folder."""

_PEM_STEPS: Final = f"""
openssl rsa -in "$1" -out "$2/cert_key.pem"
openssl x509 -in "$1" -out "$2/cert_body.pem"
openssl crl2pkcs7 -nocrl -certfile "$1" | openssl pkcs7 -print_certs | {_CERTIFICATES} > "$2/cert_chain.pem"
"""
"""Its certificates are taken for leaf first, then chain: openssl puts nothing in order."""

_PKCS7_STEPS: Final = f"""
openssl rsa -in "{FIXTURES}/pki/shop.key" -out "$2/cert_key.pem"
openssl pkcs7 -in "$1" -print_certs | openssl x509 -out "$2/cert_body.pem"
openssl pkcs7 -in "$1" -print_certs | {_CERTIFICATES} > "$2/cert_chain.pem"
"""

_JKS_STEPS: Final = f"""
keytool -importkeystore -srckeystore "$1" -srcstorepass:env PFX_PASSWORD \\
    -destkeystore "$2/new.p12" -deststoretype PKCS12 -deststorepass:env PFX_PASSWORD -noprompt
set -- "$2/new.p12" "$2"
{_PFX_STEPS}
"""
"""openssl reads no keystore: keytool has to make a PFX of it first."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A bundle of RSA-2048 in one format.

    Attributes:
        name: the format, as it stands in a line.
        arguments: what `certkit split` is given, the bundle first.
        rival: whose steps these are.
        script: the steps, a shell script of a bundle and a folder.
        limit: how many times their time certkit may take.
        rounds: how often both are measured.
    """

    name: str
    arguments: tuple[str, ...]
    script: str
    rival: str = "openssl's steps"
    limit: float = 3.0
    rounds: int = 15

    @property
    def is_possible(self) -> bool:
        """Whether what its steps need is installed."""
        return "keytool" not in self.script or shutil.which("keytool") is not None

    def steps(self, out: Path, source: Path | None = None) -> list[str]:
        """Returns the command that splits `source`, or the bundle itself, into `out`."""
        return ["sh", "-c", self.script, "sh", str(source or self.arguments[0]), str(out)]


PASSWORD: Final = "changeit"  # noqa: S105 -- public
"""The password of every bundle, which the environment holds as `PFX_PASSWORD`."""

_PASSIN: Final = ("--passin", "env:PFX_PASSWORD")

PFX: Final = Subject("PFX", (str(FIXTURES / "openssl/pfx/default.pfx"), *_PASSIN), _PFX_STEPS)
PEM: Final = Subject("PEM", (str(FIXTURES / "openssl/pem/key-pkcs1.pem"),), _PEM_STEPS)
PKCS7: Final = Subject(
    "P7B", (str(FIXTURES / "openssl/pkcs7/chain.p7b"), "--key", str(FIXTURES / "pki/shop.key")), _PKCS7_STEPS
)
JKS: Final = Subject(
    "JKS", (str(FIXTURES / "keytool/store.jks"), *_PASSIN), _JKS_STEPS, rival="keytool's and openssl's steps", rounds=5
)

ALL: Final = (PFX, PEM, PKCS7, JKS)


def write_pfx(folder: Path, iterations: int) -> Subject:
    """Has openssl write a PFX all of whose derivations, the MAC's with them, take as many iterations."""
    target, pki = folder / f"iterations-{iterations}.pfx", FIXTURES / "pki"
    certificates = ("-in", pki / "shop.crt", "-certfile", pki / "rsa-issuing.crt", "-inkey", pki / "shop.key")
    options = ("-iter", str(iterations), "-passout", "env:PFX_PASSWORD", "-out", target)
    environment = {**os.environ, "PFX_PASSWORD": PASSWORD}
    subprocess.run(("openssl", "pkcs12", "-export", *certificates, *options), env=environment, check=True)
    return Subject("PFX", (str(target), *_PASSIN), _PFX_STEPS)
