"""The options that several commands share: what each means is said here once."""

from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias

import typer
from typer.core import TyperOption

from certkit import limits

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


class Starttls(StrEnum):
    """What `verify --starttls` takes: `certkit.sources.starttls.Protocol`, without what that one imports."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"
    LDAP = "ldap"
    POSTGRES = "postgres"


class KeyFormat(StrEnum):
    """What `--key-format` takes: `certkit.formats.keys.KeyFormat`, without what that one imports."""

    TRADITIONAL = "traditional"
    PKCS8 = "pkcs8"


class Severity(StrEnum):
    """What `--fail-on` takes: `certkit.rules.Severity`, without what that one imports."""

    ERROR = "error"
    WARNING = "warning"


class Profile(StrEnum):
    """What `validate --profile` takes: `certkit.trust.Profile`, without what that one imports."""

    PUBLIC = "public"
    PRIVATE = "private"


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
PurgeTags: TypeAlias = Annotated[
    bool,
    typer.Option("--purge-tags", help="Take every tag away that is neither named here nor certkit's nor AWS's own."),
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


class ReadingOptions:
    """How the user wants SOURCEs to be read; see `reading_options` for what each means."""

    key: str | None = None
    chain: str | None = None
    passin: str | None = None
    key_passin: str | None = None
    alias: str | None = None
    name_match: str | None = None
    roots: str | None = None
    include_root: bool = False
    prefer_root: str | None = None
    intermediates: tuple[str, ...] = ()
    complete: bool = False
    allow_private_aia: bool = False
    strict: bool = False
    max_iterations: int = limits.MAX_ITERATIONS


class AwsOptions:
    """Where in AWS, and as whom; see `aws_options` for what each means."""

    region: tuple[str, ...] = ()
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    expect_account: tuple[str, ...] = ()


class LedgerOptions:
    """Where what is done is kept; see `ledger_options` for what each means."""

    ledger: str | None = None
    no_ledger: bool = False
    lock_timeout: float = 60.0


class EscrowOptions:
    """Where the last good bundles are kept, and what opens them; see `escrow_options` for what each means."""

    escrow: str | None = None
    key: str | None = None


def common_options() -> list[TyperOption]:
    """Returns the options that stand before or after a command's name; each sets the session's attribute of its name."""
    return [
        _flag("quiet", "Say nothing but results and errors."),
        _flag("verbose", "Say more about what is done."),
        _flag("debug", "Log everything that helps; keys and passwords are left out."),
        _flag("no_color", "Leave out colour, as NO_COLOR does."),
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
    """Returns the options of a command that looks at many accounts, and means several of them by `--profile`."""
    return [option for option in aws_options() if option.name != "profile"]


def passin_options() -> list[TyperOption]:
    """Returns the option that says where the password of what is read is; it sets `ReadingOptions.passin`."""
    return [option for option in reading_options() if option.name == "passin"]


def standing_options() -> list[TyperOption]:
    """Returns the options of a command that looks at one certificate in ACM, and means its own by `--profile`."""
    return [option for option in credential_options() if option.name != "profile"]


def ledger_options() -> list[TyperOption]:
    """Returns the options of every command that writes to AWS; each sets the attribute of `LedgerOptions` of its name."""
    return [
        *where_options(),
        _ledger("no_ledger", None, "Keep no record of what is done, and take no locks.", is_flag=True),
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


def _escrow(name: str, metavar: str, text: str) -> TyperOption:
    def remember(context: typer.Context, _: object, value: object) -> None:
        if value is not None:
            setattr(context.find_root().obj.escrow_options, name, value)

    return _option(name, remember, metavar=metavar, help=text)


def _ledger(name: str, metavar: str | None, text: str, **settings: Any) -> TyperOption:  # noqa: ANN401 -- typer's own
    def remember(context: typer.Context, _: object, value: object) -> None:
        if value is not None and value is not False:
            setattr(context.find_root().obj.ledger_options, name, value)

    return _option(name, remember, metavar=metavar, help=text, **settings)


def _aws(name: str, metavar: str, text: str, **settings: Any) -> TyperOption:  # noqa: ANN401 -- typer's own
    def remember(context: typer.Context, _: object, value: object) -> None:
        if value:
            setattr(context.find_root().obj.aws_options, name, value)

    return _option(name, remember, metavar=metavar, help=text, **settings)


def _flag(name: str, text: str) -> TyperOption:
    def remember(context: typer.Context, _: object, value: bool) -> None:
        if value:
            setattr(context.find_root().obj, name, True)

    return _option(name, remember, is_flag=True, help=text)


def _reading(name: str, metavar: str | None, text: str, **settings: Any) -> TyperOption:  # noqa: ANN401 -- typer's own
    def remember(context: typer.Context, _: object, value: object) -> None:
        if value not in {None, ()}:
            setattr(context.find_root().obj.reading_options, name, value)

    if metavar is None:
        settings["is_flag"] = True
    return _option(name, remember, metavar=metavar, help=text, **settings)


def _option(name: str, remember: Any, **settings: Any) -> TyperOption:  # noqa: ANN401 -- typer's own
    return TyperOption(param_decls=[f"--{name.replace('_', '-')}"], expose_value=False, callback=remember, **settings)
