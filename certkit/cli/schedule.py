"""`certkit schedule`."""

from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.where_options,)
EXAMPLES: Final = (
    "certkit schedule cron /etc/certkit/certkit.toml",
    "certkit schedule systemd /etc/certkit/certkit.toml --out /etc/systemd/system",
    "certkit schedule github --role-arn arn:aws:iam::111122223333:role/certkit --out .",
    "certkit schedule lambda certkit.toml --out deploy",
)


class Kind(StrEnum):
    """What `schedule` takes: `certkit.schedule.Kind`, without what that one imports."""

    CRON = "cron"
    SYSTEMD = "systemd"
    KUBERNETES = "kubernetes"
    GITHUB = "github"
    LAMBDA = "lambda"


Where: TypeAlias = Annotated[Kind, typer.Argument(metavar="cron|systemd|kubernetes|github|lambda", help="Who runs it.")]
At: TypeAlias = Annotated[str, typer.Option(metavar="HH:MM", help="When; UTC in kubernetes, github and lambda.")]
Jitter: TypeAlias = Annotated[str, typer.Option(metavar="TIME", help="The most that each run waits first.")]
RoleArn: TypeAlias = Annotated[str | None, typer.Option(metavar="ARN", help="The job's role: github, kubernetes.")]
Image: TypeAlias = Annotated[str | None, typer.Option(metavar="IMAGE", help="The container's image: kubernetes.")]
Secrets: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A Secret, in /certificates/NAME; repeatable: kubernetes.")
]
Package: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT", help="What pip installs, or a zip of make lambda: github, lambda.  [default: this version]"
    ),
]
ManifestUri: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="S3", help="Where in S3 the manifest is to be read, not beside the function: lambda."),
]
Out: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DIR", help="The folder for the files.  [default: standard output]")
]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


def run(
    context: typer.Context,
    kind: Where,
    manifest: options.Manifest = None,
    at: At = "03:17",
    jitter: Jitter = "30m",
    role_arn: RoleArn = None,
    image: Image = None,
    secret: Secrets = None,
    package: Package = None,
    manifest_uri: ManifestUri = None,
    out: Out = None,
    force: Force = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Write the definition of the job that runs `certkit renew` every night, ready to be installed.

    Exit codes: 0 written, 2 usage, 3 a file is in the way or cannot be written.
    """
    from certkit import schedule
    from certkit.cli import scheduling

    wish = scheduling.Wish(
        kind=schedule.Kind(kind.value),
        manifest=manifest,
        config=config,
        at=at,
        jitter=jitter,
        role=role_arn,
        image=image,
        secrets=tuple(secret or ()),
        package=package,
        manifest_uri=manifest_uri,
    )
    return scheduling.run(of(context), wish, out, output_format, force=force)
