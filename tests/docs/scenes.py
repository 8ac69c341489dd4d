"""What has to be there before the command lines of a page can be typed: files, and what a strict ACM and its neighbours hold."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3

from tests.cli.running import variables
from tests.docs.reading import ROOT
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.issuing import Issued

FIXTURES: Final = ROOT / "fixtures"
PASSWORD: Final = "changeit"
TIMEOUT_SECONDS: Final = 300.0
PLACEHOLDER: Final = "arn:aws:acm:us-east-1:111122223333:certificate/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the command lines of one page are typed.

    Attributes:
        variables: what is set there besides what leads to the strict ACM.
        arns: what the ARNs with an ellipsis in them stand for.
    """

    folder: Path
    server: StrictAcm
    variables: dict[str, str]
    arns: list[str]

    def run(self, line: str, codes: set[int]) -> str:
        """Types a command line, which is to end with one of these codes; returns what it says on standard output."""
        done = subprocess.run(
            ["sh", "-ec", line],  # noqa: S607
            cwd=self.folder,
            env=variables({**self.server.child_environment(os.environ), **self.variables}),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert done.returncode in codes, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def client(self, service: Any, region: str = "us-east-1") -> Any:
        """A client of the strict ACM, or of a service beside it."""
        return boto3.client(service, endpoint_url=self.server.url, region_name=region)

    def fixture(self, name: str, fixture: str) -> bytes:
        """Puts a fixture into the folder, and returns it."""
        return self.put(name, (FIXTURES / fixture).read_bytes())

    def put(self, name: str, content: bytes) -> bytes:
        """Writes a file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return content

    def issue(self, name: str, request: Request) -> Issued:
        """Issues a certificate and writes it with its key and chain."""
        issued = make_chain(leaf=request)
        self.put(name, issued.key_pem + issued.pem + issued.chain_pem)
        return issued

    def hold(self, issued: Issued, **tags: str) -> None:
        """Imports a certificate into the strict ACM by another hand than certkit's; ARNs of the page stand for it."""
        own = [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]
        answer = self.client("acm").import_certificate(
            Certificate=issued.pem,
            PrivateKey=issued.key_pem,
            CertificateChain=issued.chain_pem,
            **({"Tags": own} if own else {}),
        )
        self.arns.append(answer["CertificateArn"])


SHOP: Final = Request(sans=("shop.example.com",), serial=1)
RENEWED: Final = Request(sans=("shop.example.com",), serial=2)
OTHER_KEY: Final = Request(sans=("shop.example.com",), serial=3, key=("EC_secp384r1", 0))


def pfx(place: Place) -> None:
    """A PFX under a password."""
    place.fixture("shop.pfx", "openssl/pfx/default.pfx")
    place.variables["PFX_PASSWORD"] = PASSWORD


def ci(place: Place) -> None:
    """Certificates in folders."""
    place.fixture("certs/shop/shop.pem", "openssl/pem/fullchain.pem")


def forks(place: Place) -> None:
    """A bundle with two paths, and one without an issuer."""
    place.fixture("cross.pem", "openssl/pem/cross-signed-root-and-both-roots.pem")
    place.put("leaf.pem", (FIXTURES / "pki/shop.key").read_bytes() + (FIXTURES / "pki/shop.crt").read_bytes())
    place.fixture("ca-certificates.pem", "pki/rsa-issuing.crt")


def mistakes(place: Place) -> None:
    """A manifest with the two mistakes that the page shows, on the lines that it shows."""
    lines = [""] * 10 + ["[certificates.shop]", 'regoins = ["us-east-1"]', 'source = "shop.pfx"']
    place.put("certkit.toml", "\n".join([*lines, *[""] * 5, "[waves]", 'pause = "soon"', ""]).encode())


def estate(place: Place) -> None:
    """A manifest with two certificates for another region of another account, and its certificate in ACM."""
    place.put("certkit.toml", MANIFEST.encode())
    place.issue("shop.pem", SHOP)
    place.issue("www.pem", Request(sans=("www.example.com",)))
    place.hold(make_chain(leaf=Request(sans=("old.example.com",))))


def elsewhere(place: Place) -> None:
    """A manifest of what every machine can read, with a heartbeat."""
    place.put("certkit.toml", b'[job]\nheartbeat = true\n[certificates.shop]\nsource = "s3://bundles/shop.pfx"\n')


def telling(place: Place) -> None:
    """A table for the ledger, and a topic."""
    place.client("dynamodb").create_table(
        TableName="certkit",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    topic = place.client("sns").create_topic(Name="certificates")["TopicArn"]
    place.put("certkit.toml", f'[notify]\nsns = "{topic}"\n'.encode())


def superseded(place: Place) -> None:
    """A certificate that expires soon, and its successor, both certkit's."""
    place.hold(make_chain(leaf=SHOP), certkit_name="shop")
    place.hold(make_chain(leaf=RENEWED), certkit_name="shop")


def other_kind(place: Place) -> None:
    """An RSA certificate in ACM, and one with an EC key."""
    pem, key, chain = ((FIXTURES / "pki" / name).read_bytes() for name in ("shop.crt", "shop.key", "rsa-issuing.crt"))
    answer = place.client("acm").import_certificate(Certificate=pem, PrivateKey=key, CertificateChain=chain)
    place.arns.append(answer["CertificateArn"])
    parts = ("shop-p256.key", "shop-p256.crt", "ec-issuing.crt")
    place.put("renewed.pem", b"".join((FIXTURES / "pki" / name).read_bytes() for name in parts))


def other_key(place: Place) -> None:
    """A certificate in ACM, and one with a key of another size that is to follow it."""
    place.hold(make_chain(leaf=SHOP), certkit_name="shop")
    place.issue("new.pfx", OTHER_KEY)
    place.issue("new.pem", OTHER_KEY)
    place.variables["PFX_PASSWORD"] = PASSWORD


def stores(place: Place) -> None:
    """The bundle in three stores of AWS."""
    content = (FIXTURES / "openssl/pfx/default.pfx").read_bytes()
    place.client("s3").create_bucket(Bucket="bundles")
    place.client("s3").put_object(Bucket="bundles", Key="tls/shop.pfx", Body=content)
    issued = make_chain(leaf=SHOP)
    secret = {
        "password": PASSWORD,
        "pfx": base64.b64encode(content).decode(),
        "body": issued.pem.decode(),
        "key": issued.key_pem.decode(),
    }
    place.client("secretsmanager").create_secret(Name="prod/shop", SecretString=json.dumps(secret))
    place.client("ssm").put_parameter(Name="/shop/password", Value=PASSWORD, Type="SecureString")
    place.hold(issued)


def organization(place: Place) -> None:
    """An organization, a manifest with accounts, and two profiles."""
    estate(place)
    place.client("organizations").create_organization(FeatureSet="ALL")
    place.put("config", b"".join(_profile(name) for name in ("prod", "test")))
    place.variables["AWS_CONFIG_FILE"] = str(place.folder / "config")


def _profile(name: str) -> bytes:
    return f"[profile {name}]\naws_access_key_id = nobody\naws_secret_access_key = nothing\n".encode()


def escrow(place: Place) -> None:
    """A bucket that keeps versions, a key, three bundles in escrow, and a manifest that gives the last of them."""
    place.client("s3").create_bucket(Bucket="my-escrow")
    place.client("s3").put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Enabled"})
    key = place.client("kms").create_key()["KeyMetadata"]["Arn"]
    place.variables["CERTKIT_ESCROW"] = f"s3://my-escrow/shop?kms_key={key}"
    place.variables["ESCROW_PASSWORD"] = PASSWORD
    for number in range(3):
        place.issue(f"{number}.pem", Request(sans=("shop.example.com",), serial=number + 1))
        place.run(f"certkit import {number}.pem --name shop", {0})
    place.put("certkit.toml", b'[certificates.shop]\nsource = "2.pem"\n')


def frozen(place: Place) -> None:
    """The manifest of the page, of which nothing but its freeze is kept, and a certificate that is in ACM."""
    issued = place.issue("shop.pem", SHOP)
    place.hold(issued, certkit_name="shop")
    place.put(
        "certkit.toml", MANIFEST.partition("[defaults]")[0].encode() + b'[certificates.shop]\nsource = "shop.pem"\n'
    )


def no_password(place: Place) -> None:
    """A PFX that the empty password opens."""
    place.fixture("shop.pfx", "boringssl/empty-password.p12")


def checkout(place: Place) -> None:
    """What the page changes into."""
    shutil.copytree(ROOT / "deploy", place.folder / "deploy")
    estate(place)


MANIFEST: Final = """
[accounts.prod]
id = "111122223333"
role = "arn:aws:iam::111122223333:role/certkit"
[defaults]
regions = ["eu-west-1"]
accounts = ["prod"]
[certificates.shop]
source = "shop.pem"
[certificates.www]
source = "www.pem"
"""
SCENES: Final[dict[str, Callable[[Place], None]]] = {
    "README.md": pfx,
    "docs/chain.md": forks,
    "docs/ci.md": ci,
    "docs/index.md": pfx,
    "docs/lambda.md": elsewhere,
    "docs/layouts.md": pfx,
    "docs/manifest.md": mistakes,
    "docs/migrate.md": other_key,
    "docs/notify.md": telling,
    "docs/pfx.md": pfx,
    "docs/plan-apply.md": estate,
    "docs/prune.md": superseded,
    "docs/reimport.md": other_kind,
    "docs/rollback.md": escrow,
    "docs/sandbox.md": no_password,
    "docs/sources.md": stores,
    "docs/status.md": organization,
    "docs/usage.md": superseded,
    "docs/waves.md": frozen,
}
