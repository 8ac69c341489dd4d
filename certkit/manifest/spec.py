"""The manifest as values: what is to be in ACM, where, and from which SOURCE."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from certkit.escrow.where import Where
from certkit.expiry import Threshold
from certkit.freeze import Freeze
from certkit.waiver import Waiver
from certkit.waves import Waves


@dataclass(frozen=True, slots=True)
class Account:
    """An account that certificates go to.

    Attributes:
        name: what the manifest calls it.
        role: the ARN of the role to assume in it; None where the caller is in it already.
        wave: when it gets its certificates, 1 for the first.
    """

    name: str
    id: str
    role: str | None
    external_id: str | None
    wave: int = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a bundle comes from, and how it is to be read: SOURCEs, their relative paths counted from the manifest's folder.

    Attributes:
        source: the bundle, or the certificate alone.
        key, chain: what that one lacks.
        passin, key_passin: where the passwords are.
        alias, name_match: which of several leaves is meant.
        roots: what may complete the chain without standing in it.
    """

    source: str
    key: str | None = None
    chain: str | None = None
    passin: str | None = None
    key_passin: str | None = None
    alias: str | None = None
    name_match: str | None = None
    roots: str | None = None
    include_root: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a certificate comes to be renewed, for whoever runs the renewals.

    Attributes:
        command: the program and its arguments, empty where the SOURCE is renewed by others.
        when: the lifetime left at which to run it.
        pre, post, on_failure: commands to run before, after a success, after a failure.
        verify: the endpoints that should serve it once it is everywhere.
        verify_in: those that should serve it once it is in an account, by its name here, or in a region.
        allowed: the dangers of a reimport that do not stop it, of `certkit.unsafe.Kind`.
    """

    command: tuple[str, ...]
    when: Threshold
    pre: tuple[str, ...]
    post: tuple[str, ...]
    on_failure: tuple[str, ...]
    verify: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    verify_in: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is told.

    Attributes:
        sns: the ARN of a topic.
        webhook: where the address of a webhook is: `env:NAME`, `file:PATH`.
    """

    sns: str | None = None
    webhook: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told of what expires, and how.

    Attributes:
        default: for what no owner with an address has.
        owners: by the name of the owner.
        events: an event bus, its name or its ARN.
        metrics: whether CloudWatch gets metrics.
        allows_private: whether webhooks may be inside a private network, and without TLS.
    """

    default: Address = field(default_factory=Address)
    owners: Mapping[str, Address] = field(default_factory=lambda: MappingProxyType({}))
    events: str | None = None
    metrics: bool = False
    allows_private: bool = False


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What is to be known of the scheduled run over this manifest, so that its silence is noticed.

    Attributes:
        name: what the ledger and CloudWatch know it by.
        command: the command that is the job: `renew` or `apply`.
        every: how often it runs, None where only its heartbeats say so.
        ping: where the address is that is called after each run: `env:NAME`, `file:PATH`.
        heartbeat: whether CloudWatch gets a metric of each run.
    """

    name: str = "renew"
    command: str = "renew"
    every: dt.timedelta | None = None
    ping: str | None = None
    heartbeat: bool = False


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """One logical certificate, in each of its regions of each of its accounts.

    Attributes:
        services: what it is for.
        regions: empty where the manifest names none.
        accounts: empty for the caller's own.
        owner: who is told of it.
    """

    name: str
    origin: Origin
    services: tuple[str, ...]
    regions: tuple[str, ...]
    accounts: tuple[Account, ...]
    tags: Mapping[str, str]
    owner: str | None
    renewal: Renewal


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a configuration says.

    Attributes:
        path: the file, as the user named it.
        regions: the default ones, empty where none are named.
        certificates: in the order of the file.
        escrow: where the last good bundles are kept, None where they are not.
        waves: in which order places get their certificates.
        freezes: when nothing is written.
    """

    path: Path
    regions: tuple[str, ...]
    accounts: tuple[Account, ...]
    certificates: tuple[CertificateSpec, ...]
    waivers: tuple[Waiver, ...]
    telling: Telling = field(default_factory=Telling)
    escrow: Where | None = None
    waves: Waves = field(default_factory=Waves)
    freezes: tuple[Freeze, ...] = ()
    job: JobSpec = field(default_factory=JobSpec)
