"""The options that several commands share: what each means is said here once."""

from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias

import typer
from typer.core import TyperOption

from certkit import limits

SOURCE_HELP: Final = "A bundle: a path, - for standard input, env:NAME. The format is told from the bytes."

Sources: TypeAlias = Annotated[list[str], typer.Argument(metavar="SOURCE...", help=SOURCE_HELP)]
Source: TypeAlias = Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE_HELP)]


class OutputFormat(StrEnum):
    """How a result is shown."""

    TEXT = "text"
    JSON = "json"


class KeyFormat(StrEnum):
    """What `--key-format` takes: `certkit.formats.keys.KeyFormat`, without what that one imports."""

    TRADITIONAL = "traditional"
    PKCS8 = "pkcs8"


class Severity(StrEnum):
    """What `--fail-on` takes: `certkit.rules.Severity`, without what that one imports."""

    ERROR = "error"
    WARNING = "warning"


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
    max_iterations: int = limits.MAX_ITERATIONS


class AwsOptions:
    """Where in AWS, and as whom; see `aws_options` for what each means."""

    region: tuple[str, ...] = ()
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    expect_account: str | None = None


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
    forms = "env:NAME, file:PATH, fd:N or stdin"
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
        _reading("max_iterations", "N", "The key derivation that a bundle may ask for, in iterations.", type=int),
    ]


def aws_options() -> list[TyperOption]:
    """Returns the options of every command that reaches AWS; each sets the attribute of `AwsOptions` of its name."""
    return [
        _aws("region", "REGION", "A region; repeatable.  [default: CERTKIT_REGION, else us-east-1]", multiple=True),
        _aws("profile", "NAME", "A profile of the AWS configuration."),
        _aws("role_arn", "ARN", "A role to assume."),
        _aws("external_id", "ID", "The external ID that the role asks for."),
        _aws("expect_account", "ID", "Stop unless the caller is in this account."),
    ]


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
        if value is not None:
            setattr(context.find_root().obj.reading_options, name, value)

    if metavar is None:
        settings["is_flag"] = True
    return _option(name, remember, metavar=metavar, help=text, **settings)


def _option(name: str, remember: Any, **settings: Any) -> TyperOption:  # noqa: ANN401 -- typer's own
    return TyperOption(param_decls=[f"--{name.replace('_', '-')}"], expose_value=False, callback=remember, **settings)
