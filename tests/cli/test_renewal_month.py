"""A month of nightly renewals on a clock of its own: CAs that fail, keys that change, nights without a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.aws.faults import Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, held
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]
pytestmark = pytest.mark.slow

LIFETIMES: Final = {"daily": 6, "weekly": 7, "changed": 20, "classic": 47, "stolen": 200}
"""Days, by the name of the certificate."""

NIGHTS: Final = 31
AWAY: Final = frozenset({9, 10, 11})
"""Nights on which the machine is off."""

DENIED: Final = frozenset({15, 16})
"""Nights on which ACM takes nothing."""

CA_DOWN: Final = frozenset({4, 5, 20})
"""Nights on which no CA issues anything."""

USUAL: Final = ("EC_prime256v1", 0)
OTHER_KIND: Final = ("EC_secp384r1", 0)
REFUSED: Final = frozenset({14, 15, 16, 17})
"""Nights on which ACM would refuse what the CA of `changed` has issued: from night 14 on it is due, on 18 it is put right."""

STOLEN_ON: Final = 12
MENDED_ON: Final = 18


@dataclass(slots=True)
class Month:
    """A folder with a manifest, CAs that leave certificates in it, and what should be in ACM.

    Attributes:
        offered: what each renewal command takes, if it is run.
        wanted: what is the newest good one of each certificate.
    """

    folder: Path
    clock: SettableClock
    offered: dict[str, Issued] = field(default_factory=dict)
    wanted: dict[str, Issued] = field(default_factory=dict)

    def begin(self) -> None:
        """Writes the manifest and the first certificates."""
        (self.folder / "certkit.toml").write_text("\n".join(map(_table, LIFETIMES)))
        for name in LIFETIMES:
            self.put(name, USUAL)

    def put(self, name: str, key: tuple[str, int]) -> None:
        """Puts a new certificate where the manifest says, as a person would."""
        self.wanted[name] = self._issue(name, key)
        self._write(f"{name}.pem", self.wanted[name])

    def prepare(self, night: int) -> None:
        """Does what happens before the run of a night."""
        for name in LIFETIMES:
            (self.folder / f"{name}.next").unlink(missing_ok=True)
            if night not in CA_DOWN:
                self.offered[name] = self._issue(name, OTHER_KIND if name == "changed" and night > 2 else USUAL)
                self._write(f"{name}.next", self.offered[name])
        if night == STOLEN_ON:
            self.put("stolen", ("EC_prime256v1", 7))
        if night == MENDED_ON:
            self.put("changed", USUAL)

    def note(self, night: int) -> None:
        """Notes which commands have been run, by what they have taken."""
        for name in LIFETIMES:
            if night not in CA_DOWN and not (self.folder / f"{name}.next").exists() and name != "changed":
                self.wanted[name] = self.offered[name]

    def _issue(self, name: str, key: tuple[str, int]) -> Issued:
        now, domain = self.clock(), f"{name}.example"
        begin, end = now - timedelta(hours=1), now + timedelta(days=LIFETIMES[name])
        return make_chain(leaf=Request(common_name=domain, sans=(domain,), key=key, not_before=begin, not_after=end))

    def _write(self, file: str, issued: Issued) -> None:
        (self.folder / file).write_bytes(issued.key_pem + issued.pem + issued.chain_pem)


def test_a_month_of_nights_leaves_the_newest_good_certificate_of_each_under_its_first_arn(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., Ran],
    wire: Proxy,
    server: StrictAcm,
    clock: SettableClock,
) -> None:
    monkeypatch.chdir(tmp_path)
    month = Month(tmp_path, clock)
    month.begin()
    arns = {row["name"]: row["arn"] for row in run("renew", "--format", "json").results}
    errors: list[tuple[int, str, str]] = []
    renewals = 0

    for night in range(1, NIGHTS + 1):
        clock.advance(timedelta(days=1))
        if night in AWAY:
            continue
        month.prepare(night)
        wire.always("ImportCertificate", _denied() if night in DENIED else Fault.PASS)
        ran = run("renew", "--format", "json")
        month.note(night)
        failed = [(night, row["name"], row["error"]["code"]) for row in ran.results if row["error"]]
        renewals += sum(row["action"] == "reimported" for row in ran.results)
        errors += failed
        assert ran.code == (3 if failed else 0)
        assert all(leaf.not_valid_after_utc > clock() for leaf in _leaves(server))

    assert held(server) == {arn: month.wanted[name].sha256 for name, arn in arns.items()}
    assert renewals >= 14  # every three nights two of them, the stolen one, the mended one
    nights = {code: {night for night, _, each in errors if each == code} for _, _, code in errors}
    assert nights == {
        "reimport-incompatible": REFUSED,
        "aws-denied": nights["aws-denied"],
        "command-failed": {4, 5, 20},
    }
    assert nights["aws-denied"] <= DENIED
    told = (tmp_path / "told").read_text().splitlines()
    assert told == [f"owner-of-{name} {code}" for _, name, code in errors]


def _denied() -> Refusal:
    return Refusal("AccessDeniedException", "not tonight", 400)


def _leaves(server: StrictAcm) -> list[Any]:
    records: Any = server.backend(ACCOUNT, HOME)._records
    return [record.material.leaf for record in records.values()]


def _table(name: str) -> str:
    """A certificate whose command fails where its CA offers nothing, and takes what it offers otherwise."""
    return (
        f'[certificates.{name}]\nsource = "{name}.pem"\nowner = "owner-of-{name}"\n'
        f'renew_command = ["mv", "{name}.next", "{name}.pem"]\n'
        f'on_failure = ["sh", "-c", "echo $CERTKIT_OWNER $CERTKIT_ERROR_CODE >>told"]'
    )
