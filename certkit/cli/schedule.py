"""`certkit schedule`."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.where_options,)
EXAMPLES: Final = (
    "certkit schedule cron /etc/certkit/certkit.toml",
    "certkit schedule systemd /etc/certkit/certkit.toml --out /etc/systemd/system",
    "certkit schedule github --role-arn arn:aws:iam::111122223333:role/certkit --out .",
)


class Kind(StrEnum):
    """What `schedule` takes: `certkit.schedule.Kind`, without what that one imports."""

    CRON = "cron"
    SYSTEMD = "systemd"
    KUBERNETES = "kubernetes"
    GITHUB = "github"


def run(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="cron|systemd|kubernetes|github", help="Who runs it.")],
    manifest: options.Manifest = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="When; UTC in kubernetes and github.")] = "03:17",
    jitter: Annotated[str, typer.Option(metavar="TIME", help="The most that each run waits first.")] = "30m",
    role_arn: Annotated[str | None, typer.Option(metavar="ARN", help="The job's role: github, kubernetes.")] = None,
    image: Annotated[str | None, typer.Option(metavar="IMAGE", help="The container's image: kubernetes.")] = None,
    secret: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A Secret, in /certificates/NAME; repeatable: kubernetes.")
    ] = None,
    package: Annotated[
        str | None, typer.Option(metavar="WHAT", help="What pip installs: github.  [default: this version of certkit]")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="The folder for the files.  [default: standard output]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Write the definition of the job that runs `certkit renew` every night, ready to be installed.

    Exit codes: 0 written, 2 usage, 3 a file is in the way or cannot be written.
    """
    from certkit import schedule
    from certkit.cli import scheduling

    wish = scheduling.Wish(
        schedule.Kind(kind.value), manifest, config, at, jitter, role_arn, image, tuple(secret or ()), package
    )
    return scheduling.run(of(context), wish, out, output_format, force=force)
