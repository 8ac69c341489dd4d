"""The options that several commands share: what each means is said here once."""

from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Final, TypeAlias

import typer
from typer.core import TyperOption

SOURCE_HELP: Final = (
    "A bundle: a path, - for standard input, env:NAME, s3://, secretsmanager://, ssm:///, https://HOST, an ACM ARN. The "
    "format is told from the bytes."
)

Sources: TypeAlias = Annotated[list[str], typer.Argument(metavar="SOURCE...", help=SOURCE_HELP)]
Source: TypeAlias = Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)]


class OutputFormat(StrEnum):
    """How a result is shown."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """How what `validate` finds is shown: for people, for programs, and for three kinds of continuous integration."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


class StatusFormat(StrEnum):
    """How what `status` sees is shown: for people, for programs, for spreadsheets, for monitoring, and as a page."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    PROMETHEUS = "prometheus"
    HTML = "html"


class KeyFormat(StrEnum):
    """What `--key-format` takes: `certkit.formats.keys.KeyFormat`, without what that one imports."""

    TRADITIONAL = "traditional"
    PKCS8 = "pkcs8"


Config: TypeAlias = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="The configuration.  [default: certkit.toml, else pyproject.toml]"),
]
Manifest: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="[MANIFEST]", help="What is to be in ACM.  [default: certkit.toml]")
]
Only: TypeAlias = Annotated[
    list[str] | None, typer.Option("--only", metavar="NAME", help="This certificate alone; repeatable.")
]
OnlyAccounts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--account", metavar="NAME", help="What goes to this account of the manifest alone; repeatable."),
]
MaxFailures: TypeAlias = Annotated[
    str | None,
    typer.Option("--max-failures", metavar="N|N%", help="Begin nothing more after so many failures; 1 is the first."),
]
Verify: TypeAlias = Annotated[
    bool,
    typer.Option("--verify", help="See what is served also where no endpoint is named: by whatever uses it in AWS."),
]
Allow: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A certificate that may be written though it is unsafe, or held; repeatable."),
]
PurgeTags: TypeAlias = Annotated[
    bool,
    typer.Option("--purge-tags", help="Take every tag away that is neither named here nor certkit's nor AWS's own."),
]
Wait: TypeAlias = Annotated[bool, typer.Option("--wait", help="Give ACM ten minutes instead of one to show it.")]
Services: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--for", metavar="SERVICE", help="A service it is for: its limits count too; repeatable."),
]
Accounts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--account", metavar="NAME", help="An account of the configuration, or all of them: all; repeatable."),
]
Profiles: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--profile", metavar="NAME", help="A profile of the AWS configuration; repeatable."),
]
Organization: TypeAlias = Annotated[
    bool, typer.Option("--organization", help="Every account of the organization, by --role-name.")
]
RoleName: TypeAlias = Annotated[
    str | None,
    typer.Option("--role-name", metavar="NAME", help="The role to assume in each account of the organization."),
]
Format: TypeAlias = Annotated[OutputFormat, typer.Option("--format", help="How to show the result.")]


def common_options() -> list[TyperOption]:
    """Returns the options that stand before or after a command's name; each sets the session's attribute of its name."""
    return [
        _common("quiet", None, "Say nothing but results and errors."),
        _common("verbose", None, "Say more about what is done."),
        _common("debug", None, "Log everything that helps; keys and passwords are left out."),
        _common("no_color", None, "Leave out colour, as NO_COLOR does."),
    ]


def reading_options() -> list[TyperOption]:
    """Returns the options of every command that reads bundles; each sets the attribute of `ReadingOptions` of its name."""
    forms = "env:NAME, file:PATH, fd:N, stdin, secretsmanager://ID or ssm:///NAME"
    return [
        _reading("key", "SOURCE", "The private key, where the bundle lacks it."),
        _reading("chain", "SOURCE", "More certificates for the chain, where the bundle lacks them."),
        _reading("passin", "FORM", f"Where the password is: {forms}."),
        _reading(
            "key_passin", "FORM", "Where the password of the key is, if it has one of its own; forms as --passin."
        ),
        _reading("alias", "NAME", "The entry to take, by its friendly name in the keystore."),
        _reading("name_match", "DNS", "The leaf to take, by a DNS name that it covers."),
        _reading("roots", "SOURCE", "Roots that may complete the chain without standing in it."),
        _reading("include_root", None, "Keep a self-signed root at the end of the chain."),
        _reading(
            "prefer_root", "NAME", "Where paths fork, take one under this root: its common name, or its whole name."
        ),
        _reading("intermediates", "SOURCE", "What may continue the chain where it ends; repeatable.", multiple=True),
        _reading("complete", None, "Fetch missing issuers from where the certificates say they are."),
        _reading("allow_private_aia", None, "Let --complete reach private addresses, and any port."),
        _reading("max_iterations", "N", "The key derivation that a bundle may ask for, in iterations.", type=int),
    ]


def strict_options() -> list[TyperOption]:
    """Returns the option of every command that mends bundles and writes them; it sets `ReadingOptions.strict`."""
    return [_reading("strict", None, "Fail where certkit would mend the bundle.")]


def aws_options() -> list[TyperOption]:
    """Returns the options of every command that reaches AWS; each sets the attribute of `AwsOptions` of its name."""
    return [
        _aws(
            "region", "REGION", "A region; repeatable.  [default: the configuration's, else us-east-1]", multiple=True
        ),
        *credential_options(),
        _aws("expect_account", "ID", "Stop unless the caller is in this account; repeatable.", multiple=True),
    ]


def credential_options() -> list[TyperOption]:
    """Returns the options that say as whom AWS is reached; each sets the attribute of `AwsOptions` of its name."""
    return [
        _aws("profile", "NAME", "A profile of the AWS configuration."),
        _aws("role_arn", "ARN", "A role to assume."),
        _aws("external_id", "ID", "The external ID that the role asks for."),
    ]


def survey_options() -> list[TyperOption]:
    """Returns the options of a command that looks at many accounts, whose own `--profile` names several callers."""
    return [option for option in aws_options() if option.name != "profile"]


def passin_options() -> list[TyperOption]:
    """Returns the option that says where the password of what is read is; it sets `ReadingOptions.passin`."""
    return [option for option in reading_options() if option.name == "passin"]


def role_options() -> list[TyperOption]:
    """Returns the options that say which role is assumed, for a command whose own `--profile` is something else."""
    return [option for option in credential_options() if option.name != "profile"]


def ledger_options() -> list[TyperOption]:
    """Returns the options of every command that writes to AWS; each sets the attribute of `LedgerOptions` of its name."""
    return [
        *where_options(),
        _ledger("no_ledger", None, "Keep no record of what is done, and take no locks."),
        _ledger("lock_timeout", "SECONDS", "How long to wait for another run.  [default: 60]", type=float),
    ]


def escrow_options() -> list[TyperOption]:
    """Returns the option of every command that keeps bundles in escrow; it sets `EscrowOptions.escrow`."""
    text = (
        "The escrow: s3://BUCKET/PREFIX?kms_key=KEY or file:///FOLDER?recipient=FILE.  "
        "[default: CERTKIT_ESCROW, else the configuration's]"
    )
    return [_escrow("escrow", "WHERE", text)]


def escrow_key_options() -> list[TyperOption]:
    """Returns the option of a command that takes bundles out of escrow; it sets `EscrowOptions.key`."""
    return [_escrow("key", "SOURCE", "The recipient's private key, where the escrow is closed to one.")]


def where_options() -> list[TyperOption]:
    """Returns the option of every command that looks into the ledger."""
    text = "The ledger: dynamodb://TABLE?region=REGION or a file.  [default: CERTKIT_LEDGER, else one on this machine]"
    return [_ledger("ledger", "WHERE", text)]


def _option(
    group: str | None,
    name: str,
    metavar: str | None,
    text: str,
    *,
    blank: object = None,
    **settings: Any,  # noqa: ANN401 -- typer's own
) -> TyperOption:
    """Returns an option that sets the attribute of its name, of the session or of one `group` of its options.

    Args:
        metavar: what its value is called; None for a flag.
        blank: a value that counts as if the option had not been given.
    """

    def remember(context: typer.Context, _: object, value: object) -> None:
        if value is not None and value is not False and value not in ((), blank):
            session = context.find_root().obj
            setattr(getattr(session, group) if group else session, name, value)

    if metavar is None:
        settings["is_flag"] = True
    form = f"--{name.replace('_', '-')}"
    return TyperOption(
        param_decls=[form], expose_value=False, callback=remember, metavar=metavar, help=text, **settings
    )


_common = partial(_option, None)
_reading = partial(_option, "reading_options")
_aws = partial(_option, "aws_options", blank="")
_ledger = partial(_option, "ledger_options")
_escrow = partial(_option, "escrow_options")
