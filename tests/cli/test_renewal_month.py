"""A month of nightly renewals on a clock of its own: CAs that fail, keys that change, nights without a run, owners who answer."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from tests.aws.faults import Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, held
from tests.cli.listening import Chat, listening
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]
pytestmark = pytest.mark.slow

COUNT: Final = 50
LIFETIMES: Final = {f"c{number:02}": 6 + 194 * number // (COUNT - 1) for number in range(COUNT)}
"""Days, by the name of the certificate: from 6 to 200."""

OWNERS: Final = 5
NIGHTS: Final = 31
AWAY: Final = frozenset({9, 10, 11})
"""Nights on which the machine is off."""

ACM_DENIES: Final = frozenset({24, 25})
CA_DOWN: Final = frozenset({4, 5, 20})
"""Nights on which no CA issues anything."""

CHANGED: Final = ("c03", "c04", "c05", "c06", "c07")
"""What comes from a CA that issues for RSA keys at first, and for EC ones from a night on; all of it is due by night 23."""

CHANGED_ON: Final = 2
MOVED: Final = frozenset({"c06", "c07"})
"""Whose owners take the new kind of key, and so another ARN; the others have it issued for RSA again."""

ANSWER_NIGHTS: Final = 2
"""How long an owner takes who has heard of a refusal."""

STORED: Final = ("c08", "c09", "c10", "c11", "c12", "c13")
"""What comes from Secrets Manager, where somebody else puts a newer one on some nights."""

STORED_ON: Final = frozenset({6, 14, 21})
STORE_DENIES: Final = frozenset({15, 16})
BROKEN, BROKEN_ON = "c14", 7
"""What somebody leaves half a file of for a night."""

STOLEN, STOLEN_ON = "c49", 12
USUAL: Final = ("EC_prime256v1", 0)
FIRST_KIND: Final = ("RSA_2048", 0)
TOLD: Final = re.compile(r"`(c[0-9]{2}(?:-ec)?): (not renewed|well again)")


@dataclass(slots=True)
class Month:
    """A folder with a manifest, CAs that leave certificates in it, a store, and what should be in ACM.

    Attributes:
        names: of the certificates, by what they were called first.
        offered: what each renewal command takes, if it is run.
        wanted: what is the newest good one of each certificate, by its name now.
        kinds: the keys that the CA issues for, where they are others than the usual.
        answers: what owners do on a night.
    """

    folder: Path
    clock: SettableClock
    secrets: Any
    names: dict[str, str] = field(default_factory=lambda: dict(zip(LIFETIMES, LIFETIMES, strict=True)))
    offered: dict[str, Issued] = field(default_factory=dict)
    wanted: dict[str, Issued] = field(default_factory=dict)
    kinds: dict[str, tuple[str, int]] = field(default_factory=dict)
    answers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def begin(self) -> None:
        """Writes the manifest and the first certificates."""
        self.kinds = dict.fromkeys(CHANGED, FIRST_KIND)
        for name in LIFETIMES:
            self.put(name)
        self.write_manifest()

    def write_manifest(self) -> None:
        """Writes the manifest as the owners have it by now."""
        owners = "".join(f'[owners.team-{number}]\nwebhook = "env:TEAM_{number}"\n' for number in range(OWNERS))
        tables = "\n".join(_table(first, name) for first, name in self.names.items())
        (self.folder / "certkit.toml").write_text(f"[notify]\nallow_private = true\n{owners}{tables}")

    def put(self, name: str, key: tuple[str, int] | None = None) -> None:
        """Puts a new certificate where the manifest says, as a person would."""
        issued = self.wanted[self.names[name]] = self._issue(name, key)
        if name not in STORED:
            self._write(f"{name}.pem", issued)
        elif name in self.offered:
            self.secrets.put_secret_value(SecretId=name, SecretString=_text(issued))
        else:
            self.secrets.create_secret(Name=name, SecretString=_text(issued))
            self.offered[name] = issued

    def prepare(self, night: int) -> None:
        """Does what happens before the run of a night."""
        if night == CHANGED_ON:
            self.kinds = {}
        for name in self._commanded():
            (self.folder / f"{name}.next").unlink(missing_ok=True)
            if night not in CA_DOWN:
                self.offered[name] = self._issue(name)
                self._write(f"{name}.next", self.offered[name])
        for name in STORED if night in STORED_ON else ():
            self.put(name)
        if night == STOLEN_ON:
            self.put(STOLEN, ("EC_prime256v1", 7))
        if night == BROKEN_ON:
            (self.folder / f"{BROKEN}.pem").write_bytes(_text(self.wanted[BROKEN]).encode()[:700])
        if night == BROKEN_ON + 1:
            self.put(BROKEN)
        for name in self.answers.pop(night, ()):
            self._answer(name)

    def note(self, night: int) -> None:
        """Notes which commands have been run, by what they have taken."""
        for name in self._commanded():
            if night in CA_DOWN or (self.folder / f"{name}.next").exists():
                continue
            issued, there = self.offered[name], self.wanted[self.names[name]]
            if type(issued.private_key) is type(there.private_key):
                self.wanted[self.names[name]] = issued

    def hear(self, night: int, posts: Sequence[tuple[str, str]]) -> None:
        """Has owners answer to what they were told."""
        for _, text in posts:
            for line in text.splitlines():
                told = TOLD.match(line)
                if told and "ACM would refuse it" in line:
                    self.answers[night + ANSWER_NIGHTS].append(told[1])

    def _answer(self, name: str) -> None:
        """Does what the owner of what ACM refuses has decided: another ARN, or another certificate for the first kind of key."""
        if name not in MOVED:
            self.kinds[name] = FIRST_KIND
            self.put(name)
            return
        del self.wanted[name]
        self.names[name] = f"{name}-ec"
        self.put(name)
        self.write_manifest()

    def _commanded(self) -> Iterator[str]:
        return (name for name in LIFETIMES if name not in STORED and name != BROKEN)

    def _issue(self, name: str, key: tuple[str, int] | None = None) -> Issued:
        now, domain = self.clock(), f"{name}.example"
        begin, end = now - timedelta(hours=1), now + timedelta(days=LIFETIMES[name])
        kind = key or self.kinds.get(name, USUAL)
        return make_chain(leaf=Request(common_name=domain, sans=(domain,), key=kind, not_before=begin, not_after=end))

    def _write(self, file: str, issued: Issued) -> None:
        (self.folder / file).write_text(_text(issued))


@dataclass(slots=True)
class Diary:
    """What failed on which night, and what owners should therefore have heard."""

    failing: dict[str, str] = field(default_factory=dict)
    expected: list[tuple[int, str, str]] = field(default_factory=list)
    nights: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def note(self, night: int, rows: Sequence[dict[str, Any]]) -> None:
        """Notes what came of a night: told is what fails otherwise than the night before, and what does no longer."""
        names = {row["name"] for row in rows}
        self.failing = {name: code for name, code in self.failing.items() if name in names}
        for row in rows:
            name, code = row["name"], (row["error"] or {}).get("code")
            if code and self.failing.get(name) != code:
                self.expected.append((night, name, "not renewed"))
            if not code and name in self.failing:
                self.expected.append((night, name, "well again"))
            self.failing.pop(name, None)
            if code:
                self.failing[name] = code
                self.nights[code].add(night)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """The webhooks of all teams."""
    with listening() as chat:
        for number in range(OWNERS):
            monkeypatch.setenv(f"TEAM_{number}", f"{chat.url}/team-{number}")
        yield chat


def test_after_a_month_of_nights_acm_holds_the_newest_good_one_of_each_once_and_owners_heard_of_each_refusal_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., Ran],
    wire: Proxy,
    server: StrictAcm,
    clock: SettableClock,
    chat: Chat,
) -> None:
    monkeypatch.chdir(tmp_path)
    month = Month(tmp_path, clock, boto3.client("secretsmanager", endpoint_url=server.url, region_name=HOME))
    month.begin()
    arns = {row["name"]: row["arn"] for row in run("renew", "--format", "json").results}
    diary, heard, renewals = Diary(), [], 0

    for night in range(1, NIGHTS + 1):
        clock.advance(timedelta(days=1))
        if night in AWAY:
            continue
        month.prepare(night)
        wire.always("ImportCertificate", _denied() if night in ACM_DENIES else Fault.PASS)
        wire.always("GetSecretValue", _denied() if night in STORE_DENIES else Fault.PASS)
        posted = len(chat.posts)
        ran = run("renew", "--format", "json")
        month.note(night)
        month.hear(night, chat.posts[posted:])
        diary.note(night, ran.results)
        heard += [(night, *told) for told in _told(chat.posts[posted:])]
        arns |= {row["name"]: row["arn"] for row in ran.results if row["action"] == "imported"}
        renewals += sum(row["action"] == "reimported" for row in ran.results)
        _retire(server, arns, month)
        assert ran.code == (3 if diary.failing else 0)
        assert all(leaf.not_valid_after_utc > clock() for leaf in _leaves(server))

    assert held(server) == {arns[name]: issued.sha256 for name, issued in month.wanted.items()}
    assert len(held(server)) == COUNT
    assert renewals >= 40
    assert diary.failing == {}
    assert sorted((night, name, what) for night, name, what, _ in heard) == sorted(diary.expected)
    assert {(name, path) for _, name, _, path in heard} <= {(name, _team(name)) for name in month.wanted.keys() | MOVED}
    assert {name for _, name, what, _ in heard if what == "not renewed"} >= {*CHANGED, *STORED, BROKEN}
    assert 0 < len(diary.nights["command-failed"]) == len(diary.nights.pop("command-failed") & CA_DOWN)
    assert STORE_DENIES < diary.nights.pop("aws-denied") <= STORE_DENIES | ACM_DENIES
    assert diary.nights.pop("reimport-incompatible")
    assert [nights for nights in diary.nights.values() if nights] == [{BROKEN_ON}]


def _told(posts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yields the certificates that owners were told of: name, what, and who it was."""
    for path, text in posts:
        for line in text.splitlines()[1:]:
            told = TOLD.match(line)
            assert told, line
            yield told[1], told[2], path.rpartition("/")[2]


def _retire(server: StrictAcm, arns: dict[str, str], month: Month) -> None:
    """Deletes what an owner has left for another ARN, once that one is there."""
    for first in MOVED:
        if f"{first}-ec" in arns and first in arns:
            boto3.client("acm", endpoint_url=server.url).delete_certificate(CertificateArn=arns.pop(first))
            assert first not in month.wanted


def _team(name: str) -> str:
    return f"team-{int(name[1:3]) % OWNERS}"


def _denied() -> Refusal:
    return Refusal("AccessDeniedException", "not tonight", 400)


def _leaves(server: StrictAcm) -> list[Any]:
    records: Any = server.backend(ACCOUNT, HOME)._records
    return [record.material.leaf for record in records.values()]


def _text(issued: Issued) -> str:
    return (issued.key_pem + issued.pem + issued.chain_pem).decode()


def _table(first: str, name: str) -> str:
    """A certificate whose command fails where its CA offers nothing, and takes what it offers otherwise."""
    lines = [f"[certificates.{name}]", f'owner = "{_team(first)}"']
    if first in STORED:
        return "\n".join([*lines, f'source = "secretsmanager://{first}"'])
    lines.append(f'source = "{first}.pem"')
    return "\n".join(lines if first == BROKEN else [*lines, f'renew_command = ["mv", "{first}.next", "{first}.pem"]'])
