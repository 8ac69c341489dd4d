"""`certkit verify` of what stands in AWS: what was imported is one thing, what is served another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import boto3
import pytest

from tests.aws.scene import WRITES
from tests.cli.bundles import PASSWORD, pem, pfx
from tests.cli.bundles import save as save_bytes
from tests.issuing import Request, make_chain
from tests.sources.serving import tls_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

NAME: Final = "shop.example.com"
OLD: Final = make_chain(leaf=Request(sans=(NAME,)))
NEW: Final = OLD.issuers[0].issue(Request(sans=(NAME,)))


def verified(run: Callable[..., Ran], folder: Path, source: str | Path, port: int, *more: str) -> Ran:
    """What `verify` says of a server that listens at this port."""
    roots = save_bytes(folder, "root.pem", OLD.issuers[-1].pem)
    return run("verify", NAME, source, "--roots", roots, "--connect-to", f"127.0.0.1:{port}", *more)


@pytest.mark.parametrize(("served", "code", "state"), [(OLD, 0, "served"), (NEW, 1, "stale")], ids=["it", "another"])
def test_what_acm_holds_is_compared_with_what_is_served(
    run: Callable[..., Ran],
    put: Callable[..., str],
    wire: Proxy,
    tmp_path: Path,
    served: Issued,
    code: int,
    state: str,
) -> None:
    arn = put(OLD)
    with tls_server(tmp_path, served) as server:
        done = verified(run, tmp_path, arn, server.port, "--format", "json")

    assert (done.code, done.result["state"], done.document["source"]) == (code, state, arn)
    assert done.document["leaf_sha256"] == OLD.sha256
    assert not WRITES & set(wire.operations)


def test_a_chain_that_was_never_imported_is_missing_where_it_is_served(
    run: Callable[..., Ran], server: StrictAcm, tmp_path: Path
) -> None:
    client = boto3.client("acm", endpoint_url=server.url)
    arn = client.import_certificate(Certificate=OLD.pem, PrivateKey=OLD.key_pem)["CertificateArn"]
    with tls_server(tmp_path, OLD, chain=b"") as served:
        done = verified(run, tmp_path, arn, served.port)

    assert done.code == 1
    assert "incomplete-chain" in done.out


def test_a_bundle_in_a_store_is_compared_too(run: Callable[..., Ran], wire: Proxy, tmp_path: Path) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bundles")
    s3.put_object(Bucket="bundles", Key="shop.pfx", Body=pfx(OLD))
    manager = boto3.client("secretsmanager")
    manager.create_secret(Name="shop", SecretString=PASSWORD)
    wire.forget()
    with tls_server(tmp_path, OLD) as served:
        done = verified(run, tmp_path, "s3://bundles/shop.pfx", served.port, "--passin", "secretsmanager://shop")

    assert (done.code, "served" in done.out) == (0, True)
    assert set(wire.operations) <= {"HeadObject", "GetObject", "GetSecretValue"}


def test_a_folder_of_an_acme_client_is_compared_too(run: Callable[..., Ran], tmp_path: Path) -> None:
    live = tmp_path / "live" / NAME
    save_bytes(live, "fullchain.pem", OLD.pem + OLD.chain_pem)
    save_bytes(live, "privkey.pem", OLD.key_pem)
    with tls_server(tmp_path, OLD) as served:
        done = verified(run, tmp_path, live, served.port)

    assert done.code == 0


def test_an_arn_that_is_not_there_is_an_error(run: Callable[..., Ran], put: Callable[..., str], tmp_path: Path) -> None:
    arn = put(OLD)
    arn = arn[:-1] + ("1" if arn.endswith("0") else "0")
    done = verified(run, tmp_path, arn, 1, "--format", "json")

    assert done.error == (3, "aws-refused")


def test_a_reimport_is_seen_once_the_server_has_it(run: Callable[..., Ran], wire: Proxy, tmp_path: Path) -> None:  # noqa: ARG001 -- leads there
    bundle = save_bytes(tmp_path, "shop.pem", pem(OLD))
    arn = run("import", bundle, "--name", "shop", "--no-ledger", "--format", "json").result["arn"]
    bundle.write_bytes(pem(NEW))
    run("import", bundle, "--name", "shop", "--no-ledger")

    with tls_server(tmp_path, OLD) as behind:
        before = verified(run, tmp_path, arn, behind.port)
    with tls_server(tmp_path, NEW) as ready:
        after = verified(run, tmp_path, arn, ready.port)

    assert (before.code, after.code) == (1, 0)
