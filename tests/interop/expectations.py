"""What `fixtures/expected.json` expects of `certkit split`, and what `certkit split` did."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tests.cli.running import certkit

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"

SUPPORTED_SINCE: Final = 3
"""How uncommon a format may be for the tests to ask for it: 3 is everything."""

TIMEOUT_SECONDS: Final = 60
"""What one run may take: a bundle that asks for more is hostile."""


@dataclass(frozen=True, slots=True)
class Split:
    """A bundle that was split.

    Attributes:
        chain_sha256: the leaf's issuer first.
        dropped: fingerprint and reason, sorted; None where they are not compared.
    """

    leaf_sha256: str
    chain_sha256: tuple[str, ...]
    key_spki_sha256: str
    complete: bool
    dropped: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A bundle that was not split, and the code that says why."""

    error: str


Outcome = Split | Failure


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to open one fixture.

    Attributes:
        outcomes: what is right, the first choice first.
        options: what stands on the command line behind the SOURCE.
        environment: the passwords.
    """

    path: str
    since: int
    outcomes: tuple[Outcome, ...]
    options: tuple[str, ...]
    environment: Mapping[str, str]

    def __str__(self) -> str:
        """The name of the test: path, options and passwords."""
        chosen = [option.removeprefix(f"{FIXTURES}/") for option in self.options if not option.startswith("env:")]
        return " ".join([self.path, *chosen, *self.environment.values()])

    @property
    def source(self) -> Path:
        """The bundle."""
        return FIXTURES / self.path


@dataclass(frozen=True, slots=True)
class Finished:
    """A run of certkit that came to its end."""

    exit_code: int
    output: bytes


def run_certkit(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Finished:
    """Runs certkit as a user would, without a terminal to ask on."""
    done = subprocess.run(
        (sys.executable, "-m", "certkit", *arguments),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_SECONDS,
        start_new_session=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout)


def in_process(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Finished:
    """Runs certkit in this process, which is quick."""
    done = certkit(*arguments, environment=environment)
    return Finished(done.exit_code, done.stdout.encode())


def split(
    entry: Entry, out: Path, run: Callable[[tuple[str, ...], Mapping[str, str]], Finished] = run_certkit
) -> Outcome:
    """Runs `certkit split` on a fixture and reads what it wrote."""
    arguments = ("split", str(entry.source), "--out", str(out), "--format", "json", *entry.options)
    finished = run(arguments, entry.environment)
    document = json.loads(finished.output)
    if finished.exit_code:
        assert (finished.exit_code, document["schema"]) == (3, "certkit.error/1")
        return Failure(document["error"]["code"])
    assert document["schema"] == "certkit.split/1"
    (bundle,) = document["bundles"]
    seen = _outcome(bundle | {"key_spki_sha256": _spki_sha256(Path(bundle["key"]))})
    _check_files(bundle)
    return seen


def agree(seen: Outcome, expected: Outcome) -> bool:
    """Whether what was seen is what was expected, in everything that is compared."""
    if isinstance(seen, Split) and isinstance(expected, Split) and expected.dropped is None:
        seen = replace(seen, dropped=None)
    return seen == expected


def supported() -> list[Entry]:
    """Every entry that certkit can open by now."""
    return [entry for entry in entries() if entry.since <= SUPPORTED_SINCE]


def entries() -> list[Entry]:
    """Every entry of `expected.json`."""
    return [_entry(item) for item in json.loads((FIXTURES / "expected.json").read_bytes())]


def sha256_of_pem(pem: bytes) -> tuple[str, ...]:
    """The fingerprints of the certificates in `pem`, in their order."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----", pem)
    return tuple(hashlib.sha256(base64.b64decode(block)).hexdigest() for block in blocks)


def _entry(item: dict[str, Any]) -> Entry:
    options, environment = [], {}
    for field, option, variable in (
        ("password", "--passin", "FIXTURE_PASSWORD"),
        ("key_password", "--key-passin", "FIXTURE_KEY_PASSWORD"),
    ):
        if item.get(field) is not None:
            options += [option, f"env:{variable}"]
            environment[variable] = item[field]
    options += ["--alias", item["alias"]] if "alias" in item else []
    options += ["--key", str(FIXTURES / item["key"])] if "key" in item else []
    outcomes = tuple(_outcome(each) for each in (item["expected"], *item.get("also_permitted", ())))
    return Entry(item["path"], item["since"], outcomes, tuple(options), environment)


def _outcome(item: Mapping[str, Any]) -> Outcome:
    if "error" in item:
        return Failure(item["error"])
    dropped = item["dropped"]
    return Split(
        item["leaf_sha256"],
        tuple(item["chain_sha256"]),
        item["key_spki_sha256"],
        item["complete"],
        None if dropped is None else tuple(sorted((each["sha256"], each["reason"]) for each in dropped)),
    )


def _spki_sha256(path: Path) -> str:
    key = load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _check_files(bundle: Mapping[str, Any]) -> None:
    """Checks that the files hold what the document says."""
    assert sha256_of_pem(Path(bundle["body"]).read_bytes()) == (bundle["leaf_sha256"],)
    chain = Path(bundle["chain"]).read_bytes() if bundle["chain"] else b""
    assert list(sha256_of_pem(chain)) == bundle["chain_sha256"]
