"""`certkit rules`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of
from certkit.errors import UsageError

OPTIONS: Final = ()
EXAMPLES: Final = ("certkit rules", "certkit rules chain-missing", "certkit rules --format json")


def run(
    context: typer.Context,
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="The rule to explain.")] = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """List the rules, or explain one.

    Exit codes: 0 shown, 2 there is no such rule.
    """
    from certkit.report import rules as report
    from certkit.rules import CRITERIA

    session = of(context)
    chosen = [one for one in CRITERIA if rule in {None, one.id}]
    if not chosen:
        raise UsageError(f"there is no rule {rule!r}", hint="certkit rules lists them")
    if output_format is options.OutputFormat.JSON:
        session.show_document(report.document(chosen))
    else:
        session.show(report.table(chosen) if rule is None else report.text(chosen[0]))
    return 0
