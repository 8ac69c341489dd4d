"""`certkit validate`."""

from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import typer

from certkit.cli import options
from certkit.cli.session import of
from certkit.errors import UsageError

OPTIONS: Final = (options.reading_options, options.role_options)
EXAMPLES: Final = (
    "certkit validate bundle.pfx --passin env:PFX_PASSWORD",
    "certkit validate *.pem --fail-on warning --format json",
    "certkit validate 'certs/**/*.pem' --certificates-only --format sarif > certkit.sarif",
    "certkit validate shop.pem --for cloudfront --host shop.example.com --host www.example.com",
    "certkit validate renewed.pem --against arn:aws:acm:us-east-1:111122223333:certificate/...",
    "certkit validate --as-is --body cert_body.pem --key cert_key.pem --chain cert_chain.pem",
)
_RULES: Final = "repeatable, or with commas"


class Severity(StrEnum):
    """What `--fail-on` takes: `certkit.rules.Severity`, without what that one imports."""

    ERROR = "error"
    WARNING = "warning"


class Profile(StrEnum):
    """What `--profile` takes: `certkit.trust.Profile`, without what that one imports."""

    PUBLIC = "public"
    PRIVATE = "private"


Sources: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[SOURCE...]", help=f"{options.SOURCE_HELP} Patterns are expanded.")
]
AsIs: TypeAlias = Annotated[bool, typer.Option("--as-is", help="Judge --body, --key and --chain byte for byte.")]
Body: TypeAlias = Annotated[str | None, typer.Option(metavar="SOURCE", help="With --as-is: the certificate.")]
CertificatesOnly: TypeAlias = Annotated[
    bool, typer.Option("--certificates-only", help="Leave out the key and the rules about it.")
]
Strict: TypeAlias = Annotated[bool, typer.Option("--strict", help="Count what certkit would mend as errors.")]
Regions: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="REGION", help="With --for or --against: where it is wanted; repeatable."),
]
Against: TypeAlias = Annotated[
    str | None, typer.Option(metavar="ARN|SOURCE", help="What it is to replace: may it, under the same ARN?")
]
Hosts: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A name or address it must cover; repeatable.")
]
Rulebook: TypeAlias = Annotated[
    Profile | None, typer.Option(help="Whose rules it is under.  [default: as its chain tells]")
]
Selected: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="RULE", help=f"The rules that count, and no others; {_RULES}.")
]
Ignored: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="RULE", help=f"The rules that do not count; {_RULES}.")
]
FailOn: TypeAlias = Annotated[Severity, typer.Option(help="The least severity that makes the exit code 1.")]
Format: TypeAlias = Annotated[options.ReportFormat, typer.Option("--format", help="How to show the result.")]

_AS_IS: Final = "certkit validate --as-is --body B --key K --chain C"


def run(
    context: typer.Context,
    source: Sources = None,
    as_is: AsIs = False,
    body: Body = None,
    certificates_only: CertificatesOnly = False,
    strict: Strict = False,
    for_service: options.Services = None,
    region: Regions = None,
    against: Against = None,
    host: Hosts = None,
    profile: Rulebook = None,
    select: Selected = None,
    ignore: Ignored = None,
    fail_on: FailOn = Severity.ERROR,
    config: options.Config = None,
    output_format: Format = options.ReportFormat.TEXT,
) -> int:
    """Say whether ACM would take a bundle as certkit sends it, and what else is wrong with it.

    The bundle is read, put in order and encoded as `import` would; each repair on the way is a warning.

    Exit codes: 0 importable, 1 findings, 2 usage, 3 a bundle cannot be read.
    """
    session, given = of(context), source or []
    if as_is != (body is not None) or as_is == bool(given):
        raise UsageError("name SOURCEs, or else --as-is with --body", hint=_AS_IS)
    from certkit.cli import judging, validating, verdicts, waiving
    from certkit.cli.against import regions_of, target_of
    from certkit.purpose import purpose_of
    from certkit.selection import chosen

    rules = chosen(select or (), ignore or ())
    waived = waiving.find(config)
    purpose = purpose_of(for_service or (), host or (), profile, regions_of(region or (), against))
    target = target_of(session, given, against, region or ())
    how = judging.Judging(rules, fail_on, output_format, strict, as_is, waived.waivers, purpose, target)
    jobs = validating.jobs(session, given, body, how, waived, wants_keys=not certificates_only)
    return verdicts.show(session, verdicts.outcomes(session, jobs, output_format), how)
