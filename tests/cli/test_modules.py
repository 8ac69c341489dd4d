"""Tests of what each command loads: whoever wants help must not wait for boto3."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import variables
from tests.sources.serving import tls_server

PROBE: Final = """
import sys
before = set(sys.modules)
from certkit.__main__ import main
code = main()
loaded = [".".join(name.split(".")[:depth]) for name in set(sys.modules) - before for depth in (1, 2)]
import json
sys.stderr.write("\\n" + json.dumps([code, loaded]))
"""
HEAVY: Final = {
    "cryptography",
    "boto3",
    "botocore",
    "rich",
    "certkit.formats",
    "certkit.rules",
    "concurrent",
    "pydantic",
}


def _loaded(*arguments: object, folder: Path) -> tuple[int, set[str]]:
    """Runs certkit and returns its exit code and the modules that it loaded, the packages among them as well."""
    own = {name: value for name, value in variables({"P": PASSWORD}).items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, arguments)],
        cwd=folder,
        env=own,
        capture_output=True,
        timeout=60,
        check=False,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize(
    ("given", "exit_code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        ((), 2),
        (("splti",), 2),
        (("split",), 2),
        (("split", "--help"), 0),
        (("inspect", "--help"), 0),
        (("validate", "--help"), 0),
        (("import", "--help"), 0),
        (("plan", "--help"), 0),
        (("apply", "--help"), 0),
        (("adopt", "--help"), 0),
        (("renew", "--help"), 0),
        (("hook", "--help"), 0),
        (("schedule", "--help"), 0),
        (("adopt",), 2),
        (("status", "--help"), 0),
        (("forecast", "--help"), 0),
        (("history", "--help"), 0),
        (("verify", "--help"), 0),
        (("prune", "--help"), 0),
        (("policy", "--help"), 0),
        (("doctor", "--help"), 0),
        (("sandbox", "--help"), 0),
        (("split", "x", "--key-format", "der"), 2),
        (("validate", "x", "--fail-on", "nothing"), 2),
        (("validate",), 2),
    ],
)
def test_help_and_usage_errors_load_nothing_heavy(tmp_path: Path, given: tuple[str, ...], exit_code: int) -> None:
    code, modules = _loaded(*given, folder=tmp_path)

    assert code == exit_code
    assert modules & (HEAVY | {"json", "multiprocessing"}) == set()


def test_a_split_loads_what_it_takes_and_no_more(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pfx", pfx(shop()))

    code, modules = _loaded("split", source, "--passin", "env:P", folder=tmp_path)

    unwanted = HEAVY - {"cryptography", "certkit.formats"}
    own = {name for name in modules if name.startswith("certkit.")}
    assert code == 0
    assert modules & (unwanted | {"json", "tempfile", "logging", "multiprocessing", "getpass"}) == set()
    assert own & {"certkit.aws", "certkit.validate", "certkit.plan", "certkit.redaction", "certkit.testing"} == set()


def test_several_splits_load_no_processes(tmp_path: Path) -> None:
    sources = [save(tmp_path, f"{number}.pem", pem(shop())) for number in range(3)]

    code, modules = _loaded("split", *sources, folder=tmp_path)

    assert code == 0
    assert modules & {"concurrent", "multiprocessing", "rich", "boto3"} == set()


def test_an_endpoint_loads_no_aws(tmp_path: Path) -> None:
    with tls_server(tmp_path, shop()) as served:
        code, modules = _loaded("split", served.source, "--certificates-only", folder=tmp_path)

    assert code == 0
    assert modules & {"boto3", "botocore", "certkit.aws", "rich", "concurrent"} == set()


@pytest.mark.parametrize("name", ["inspect", "status", "validate"])
def test_what_stays_on_this_machine_loads_no_aws(tmp_path: Path, name: str) -> None:
    code, modules = _loaded(name, save(tmp_path, "shop.pem", pem(shop())), folder=tmp_path)

    assert code == 0
    assert modules & {"boto3", "botocore", "certkit.aws", "rich", "concurrent"} == set()
