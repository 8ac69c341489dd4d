"""The wiring of the rules, before anything is sent: what they find stops it, or goes with the result as a warning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from certkit.bundle import Bundle
from certkit.cli.session import Session
from certkit.errors import NotImportableError
from certkit.report.validate import finding_text
from certkit.rules import Finding, Severity, judge, services
from certkit.validate import candidate_of
from certkit.waiver import Waiver, apply


@dataclass(frozen=True, slots=True)
class Scale:
    """What a bundle is held against.

    Attributes:
        called: what messages call it: its SOURCE.
        name: what certkit knows it by, which waivers are matched against.
        services: what it is for.
        regions: where it goes.
        prefix: what the lines about it begin with, where there are others.
        ignored: why a rule is passed over, by its ID.
        grave: the rules whose warnings stop it, too.
        is_strict: whether what certkit mended counts as an error.
    """

    called: str
    name: str | None
    services: tuple[str, ...]
    regions: tuple[str, ...]
    prefix: str = ""
    ignored: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    waivers: Sequence[Waiver] = ()
    grave: frozenset[str] = frozenset()
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules found that stops nothing.

    Attributes:
        reasons: the rules that were passed over, each with the reason.
    """

    warnings: tuple[str, ...] = ()
    reasons: str = ""


def weigh(session: Session, bundle: Bundle, scale: Scale) -> Weighed:
    """Shows what the rules find, and returns it as warnings.

    Raises:
        NotImportableError: an error, or a grave warning, that is neither ignored nor waived.
    """
    found = _findings(session, bundle, scale)
    names = [scale.name] if scale.name else []
    weighed = apply(scale.waivers, [one for one in found if one.rule not in scale.ignored], names, session.clock())
    errors = [one for one in weighed.findings if one.severity is Severity.ERROR or one.rule in scale.grave]
    if errors:
        raise _not_importable(scale.called, errors)
    for finding in weighed.findings:
        session.say(f"certkit: {scale.prefix}" + finding_text(finding).splitlines()[0].strip())
    warnings = [f"{finding.rule}: {finding.part}: {finding.message}" for finding in weighed.findings]
    ignored = sorted({finding.rule for finding in found} & {*scale.ignored})
    for rule in ignored:
        session.say(f"certkit: {rule} ignored: {scale.ignored[rule]}")
    passed = [f"{rule} ignored: {scale.ignored[rule]}" for rule in ignored]
    passed += [f"{one.finding.rule} waived until {one.waiver.until}: {one.waiver.reason}" for one in weighed.waived]
    return Weighed((*warnings, *passed), "; ".join(passed))


def _findings(session: Session, bundle: Bundle, scale: Scale) -> list[Finding]:
    candidate = candidate_of(bundle, session.clock())
    for_services = [one for name in scale.services for one in services.findings(name, candidate, scale.regions)]
    return [*judge(candidate, is_strict=scale.is_strict), *for_services]


def _not_importable(called: str, errors: Sequence[Finding]) -> NotImportableError:
    first = errors[0]
    more = f" (and {len(errors) - 1} more: certkit validate shows all)" if len(errors) > 1 else ""
    return NotImportableError(f"{called}: {first.part}: {first.message} [{first.rule}]{more}", hint=first.hint)
