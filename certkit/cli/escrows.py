"""The wiring of the escrow: where it is, from the options, the environment and the configuration."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from certkit import certificate as x
from certkit import formats
from certkit.apply import Result
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.contents import PrivateKey
from certkit.errors import CertkitError, ConfigurationError, UsageError
from certkit.escrow.deposit import Site
from certkit.escrow.envelope import Envelope, Plain, Seal, check_recipient
from certkit.escrow.folder import FolderStore
from certkit.escrow.vault import Escrow, Store
from certkit.escrow.where import InBucket, Where, parse
from certkit.password import Passwords

if TYPE_CHECKING:
    from certkit.aws.sessions import Session as AwsSession
    from certkit.cli.conduct import Conduct


def open_escrow(session: Session, configured: Where | None, aws: "AwsSession") -> Escrow | None:
    """Returns the escrow that is named, None where none is. Nothing is asked of AWS yet.

    Args:
        aws: the caller's own credentials, whichever account a certificate goes to.

    Raises:
        UsageError, ConfigurationError: that is no place for one.
        InputUnreadableError: the recipient cannot be read.
    """
    where = place(session, configured)
    if where is None:
        return None
    seal: Seal = Plain() if where.recipient is None else _envelope(session, where.recipient)
    return Escrow(_store(where, aws), seal)


def place(session: Session, configured: Where | None) -> Where | None:
    """Returns where the escrow is: `--escrow`, else CERTKIT_ESCROW, else the configuration's; None where none is named.

    Raises:
        UsageError: that is no place for one.
    """
    given = session.escrow_options.escrow or session.environment.get("CERTKIT_ESCROW")
    return parse(given) if given else configured


def with_escrow(conduct: "Conduct", configured: Where | None, aws: "AwsSession") -> "Conduct":
    """Returns the conduct of a command that keeps in escrow what it has put into ACM, where there is an escrow.

    Raises:
        UsageError, ConfigurationError, InputUnreadableError: see `open_escrow`.
    """
    return replace(conduct, escrow=open_escrow(conduct.session, configured, aws))


def keep(conduct: "Conduct", result: Result) -> Result:
    """Keeps what ACM holds by now in escrow, also what it held before there was one; a failure is one more warning."""
    desired, escrow = result.desired, conduct.escrow
    if escrow is None or result.error or result.withheld or result.arn is None or conduct.is_read_only:
        return result
    site = Site(desired.name or result.arn, desired.account, desired.region)
    warnings = escrow.keep(site, result.arn, desired.bundle, conduct.session.clock())
    return replace(result, warnings=(*result.warnings, *warnings))


def read_recipient(session: Session, path: Path) -> x509.Certificate:
    """Reads the certificate that bundles are closed to.

    Raises:
        ConfigurationError: it cannot be read, or is none that they can be closed to.
    """
    try:
        contents = formats.read(wiring.read_source(session, str(path)), Passwords(), wants_keys=False)
        certificate = x.load(contents.certificates[0].der) if len(contents.certificates) == 1 else None
        if certificate is None:
            raise UsageError("it holds no certificate, or several", hint="name the file of one certificate")
        check_recipient(certificate)
    except CertkitError as error:
        raise ConfigurationError(f"the recipient of the escrow: {error.message}", hint=error.hint) from error
    return certificate


def _store(where: Where, aws: "AwsSession") -> Store:
    if not isinstance(where, InBucket):
        return FolderStore(where.folder)
    from certkit.aws.bucket import BucketStore

    return BucketStore(aws.s3(where.region or aws.home_region), where)


def _envelope(session: Session, path: Path) -> Envelope:
    recipient = read_recipient(session, path)
    key = session.escrow_options.key
    return Envelope(recipient, cache(lambda: _private_key(session, key)) if key is not None else None)


def _private_key(session: Session, source: str) -> PrivateKey:
    """Reads the recipient's private key.

    Raises:
        CertkitError: it cannot be read.
    """
    contents = wiring.read_contents(session, source, wiring.reading(session, [source]))
    if len(contents.keys) != 1:
        raise UsageError(f"--key {source}: it holds {len(contents.keys)} private keys, and one is needed")
    return contents.keys[0].private_key
