"""cert-manager's Secret, mounted into the CronJob that `certkit schedule kubernetes` writes, goes to ACM without its `ca.crt`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML

from certkit.certificate import fingerprint
from tests.aws.scene import ACCOUNT, HOME, held
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]
FIRST: Final = make_chain(leaf=Request(sans=("shop.example.com",), serial=1))
CONFIG_MAP: Final = "/etc/certkit/certkit.toml"
SECOND: Final = make_chain(leaf=Request(sans=("shop.example.com",), serial=2))


def _mount(volume: Path, issued: Issued, number: int) -> None:
    """Leaves a Secret as the kubelet mounts it: in a folder that a link leads to, which is changed in one step.

    https://kubernetes.io/docs/concepts/storage/volumes/#secret; the keys are those of
    https://cert-manager.io/docs/usage/certificate/#target-secret.
    """
    content = volume / f"..{number}"
    content.mkdir(parents=True)
    (content / "tls.key").write_bytes(issued.key_pem)
    (content / "tls.crt").write_bytes(issued.pem + issued.chain_pem)
    (content / "ca.crt").write_bytes(issued.issuers[-1].pem)
    (volume / "..data_tmp").symlink_to(content.name)
    (volume / "..data_tmp").replace(volume / "..data")
    for name in ("tls.key", "tls.crt", "ca.crt"):
        if not (volume / name).is_symlink():
            (volume / name).symlink_to(f"..data/{name}")


def test_the_job_brings_the_secret_to_acm_and_its_renewal_to_the_same_arn(
    tmp_path: Path, run: Callable[..., Ran], wire: Proxy, server: StrictAcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    volume = tmp_path / "certificates" / "shop-tls"
    manifest = tmp_path / "certkit.toml"
    manifest.write_text(f'[certificates.shop]\nbody = "{volume}/tls.crt"\nkey = "{volume}/tls.key"\n')
    made = ("--image", "registry.example/certkit:1", "--secret", "shop-tls", "--jitter", "1m")
    assert run("schedule", "kubernetes", str(manifest), *made, "--out", "made").code == 0
    pod = _pod(tmp_path / "made" / "certkit-renew.yaml")
    program, *arguments = pod["containers"][0]["command"]
    arguments = [str(manifest) if one == CONFIG_MAP else one for one in arguments]

    _mount(volume, FIRST, 1)
    first = run(*arguments)
    imported = held(server)
    _mount(volume, SECOND, 2)
    second = run(*arguments)

    assert (program, first.code, second.code) == ("certkit", 0, 0)
    assert "/certificates/shop-tls" in [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]]
    assert list(imported.values()) == [FIRST.sha256]
    assert held(server) == dict.fromkeys(imported, SECOND.sha256)
    assert _chain(server, *imported) == [each.sha256 for each in SECOND.issuers[:-1]]
    assert wire.operations.count("ImportCertificate") == 2


def _pod(path: Path) -> Any:
    (job,) = (one for one in YAML(typ="safe").load_all(path) if one["kind"] == "CronJob")
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def _chain(server: StrictAcm, arn: str) -> list[str]:
    """The fingerprints of the chain that ACM holds."""
    return [fingerprint(one) for one in server.backend(ACCOUNT, HOME).find(arn).material.chain]
