"""The wiring of `hook`: which certificate an ACME client has just renewed."""

import os
from collections.abc import Sequence

from certkit import hook
from certkit.cli import configuration, renewing
from certkit.cli.options import OutputFormat
from certkit.cli.order import Order
from certkit.cli.session import Session
from certkit.hook import Client
from certkit.renew import ACTION
from certkit.report import imports as report


def run(session: Session, client: str, names: Sequence[str], config: str | None, output_format: OutputFormat) -> int:
    """Applies what the client has just renewed, as `renew` does without its command, and returns the exit code.

    A renewal that no certificate of the manifest comes from is passed over: a client has one hook for all of them.

    Raises:
        UsageError: the client's variables are not there.
        CertkitError: as `renewing.deploy`.
    """
    manifest = configuration.manifest(None, config)
    if not names:
        found = hook.renewed(Client(client), session.environment)
        names = [spec.name for spec in hook.sources(found, manifest.certificates, _locate)]
        if not names:
            session.say(f"certkit: no certificate of {manifest.path} comes from {found.folder}: nothing to do")
            if output_format is OutputFormat.JSON:
                session.show_document(report.document(ACTION, []))
            return 0
    return renewing.deploy(session, Order(None, config, tuple(names), purges_tags=False), output_format)


def _locate(path: str) -> str:
    """Returns a path in full; a link at its end is not followed, since certbot's own files are links."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 -- resolves `..`, and keeps the link
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 -- the same
