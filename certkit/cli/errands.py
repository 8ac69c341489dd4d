"""The programs that a certificate of the manifest names: its renewal command, and the hooks before and after."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certkit import command, exposure
from certkit.apply import Result, Row
from certkit.cli.session import Session
from certkit.errors import CertkitError, CommandError
from certkit.manifest import CertificateSpec, Manifest
from certkit.report import renew as report
from certkit.sources.patterns import is_path
from certkit.split import Form, split

_CERTIFICATES: Final = Form(has_key=False)
"""What a hook finds in its folder: never the key, which stays where the SOURCE is."""


@dataclass(frozen=True, slots=True)
class Errands:
    """Runs them, in the manifest's folder; their output is for `--verbose`."""

    session: Session
    manifest: Manifest

    def renew(self, spec: CertificateSpec) -> None:
        """Runs what renews the SOURCE, with all variables of the process: it may need passwords and credentials.

        Raises:
            CommandError: it failed.
        """
        self._run(spec, "renew", spec.renewal.command, self.session.environment, {})

    def before(self, spec: CertificateSpec) -> None:
        """Runs `pre`.

        Raises:
            CommandError: it failed.
        """
        self._run(spec, "pre", spec.renewal.pre, self._public(), {})

    def after(self, spec: CertificateSpec, rows: Sequence[Row]) -> None:
        """Runs `post`; none of the rows has failed.

        Raises:
            CommandError: it failed.
            OutputUnwritableError: its folder cannot be written.
        """
        done = [row for row in rows if isinstance(row, Result)]
        if not spec.renewal.post:
            return
        with tempfile.TemporaryDirectory(prefix="certkit-") as folder:  # made for its owner alone
            split(done[0].desired.bundle, Path(folder), _CERTIFICATES, force=True)
            self._run(spec, "post", spec.renewal.post, self._public(), {**report.done(done), "CERTKIT_FOLDER": folder})

    def failed(self, spec: CertificateSpec, error: CertkitError) -> None:
        """Runs `on_failure`.

        Raises:
            CommandError: it failed.
        """
        self._run(spec, "failure", spec.renewal.on_failure, self._public(), report.failed(error))

    def _run(
        self,
        spec: CertificateSpec,
        event: str,
        arguments: Sequence[str],
        inherited: Mapping[str, str],
        more: Mapping[str, str],
    ) -> None:
        if not arguments:
            return
        if exposure.is_changeable(str(self.manifest.path)):
            raise CommandError(
                f"{self.manifest.path}: {arguments[0]} is not run, for everybody on this machine can change what this file names",
                hint="chmod o-w, the file and the folders above it",
            )
        self.session.say(f"certkit: {spec.name}: {event}: {arguments[0]}")
        environment = {**inherited, **report.variables(spec, event, self.session.run), **_source(spec), **more}
        said = command.run(arguments, environment, self.manifest.path.absolute().parent)
        for line in said.splitlines():
            self.session.say_more(f"certkit: {spec.name}: {event}: {line}")

    def _public(self) -> dict[str, str]:
        """Returns the variables of the process without those in which the manifest says that secrets are."""
        secret = set(_secret_variables(self.manifest))
        return {name: value for name, value in self.session.environment.items() if name not in secret}


def _source(spec: CertificateSpec) -> Mapping[str, str]:
    """Returns where the SOURCE is, a path in full: the program runs in another folder than certkit."""
    source = spec.origin.source
    return {"CERTKIT_SOURCE": str(Path(source).absolute()) if is_path(source) else source}


def _secret_variables(manifest: Manifest) -> Iterable[str]:
    """Yields the names of the variables that hold bundles, keys, passwords, and the addresses that are told."""
    for spec in manifest.certificates:
        origin = spec.origin
        for form in (origin.source, origin.key, origin.passin, origin.key_passin):
            if form and form.startswith("env:"):
                yield form.removeprefix("env:")
    addresses = (manifest.telling.default, *manifest.telling.owners.values())
    for form in (*(address.webhook for address in addresses), manifest.job.ping):
        if form and form.startswith("env:"):
            yield form.removeprefix("env:")
