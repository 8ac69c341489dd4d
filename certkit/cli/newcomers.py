"""The wiring of `migrate`'s writes to ACM: the new certificate, with the tags of the old one, and the old one's deletion."""

from dataclasses import dataclass, replace
from typing import Final

from certkit import deletion, reimport, tags
from certkit.cli import deploying, weighing, wiring
from certkit.cli.deploying import Want
from certkit.cli.migration_wish import Wish
from certkit.cli.repointing import as_it_is
from certkit.cli.weighing import Scale, Weighed
from certkit.cli.whereabouts import Scene
from certkit.errors import UsageError
from certkit.migration import Migration
from certkit.observe import observe
from certkit.plan import Desired, wanted_tags
from certkit.record import IMPORTED, CertificateRecord
from certkit.report.migration import Account
from certkit.tags import AWS_PREFIX, CERTKIT_PREFIX
from certkit.target import Failure
from certkit.usage import Service, Slot, User

_RULES: Final = {
    Service.ELB: "clb",
    Service.CLOUDFRONT: "cloudfront",
    Service.COGNITO: "cognito",
    Service.APPSYNC: "appsync",
    Service.TRANSFER: "transfer",
    Service.CLIENT_VPN: "client-vpn",
    Service.OPENSEARCH: "opensearch",
}
"""Which limits of `validate --for` hold for whom."""

_GRAVE: Final = frozenset({"service-key-algorithm"})
"""What a service refuses when it is to use the certificate: half of its users would have been repointed by then."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is to be imported.

    Attributes:
        verdict: why it cannot be reimported, and what is lost by it.
    """

    desired: Desired
    weighed: Weighed
    verdict: tuple[str, ...]


def weigh(scene: Scene, wish: Wish, old: CertificateRecord, migration: Migration) -> Newcomer:
    """Reads the SOURCE and judges it, also by what those take who are to serve it.

    Raises:
        UsageError: ACM would take it under the ARN that is there, and a new one was not asked for.
        NotImportableError: ACM, or one of its users, would refuse it.
        CertkitError: it cannot be read.
    """
    session, source = scene.conduct.session, wish.to or ""
    bundle = wiring.read_bundle(session, source, wiring.reading(session, [source], needs_key=True))
    refused = reimport.refusals(bundle.leaf, old)
    if not refused and not wish.wants_new_arn:
        raise UsageError(
            f"{source}: ACM takes it under {old.arn}: nothing has to be repointed",
            hint=f"certkit import {source} --name {scene.name}; --new-arn gives it a new one all the same",
        )
    services = tuple(sorted({_rules_of(move.user) for move in migration.moves} - {""}))
    is_strict = session.reading_options.strict
    scale = Scale(
        source, scene.name, services, (scene.region,), ignored=wish.ignores, grave=_GRAVE, is_strict=is_strict
    )
    weighed = weighing.weigh(session, bundle, scale)
    own = {key: value for key, value in old.tags.items() if not key.lower().startswith((AWS_PREFIX, CERTKIT_PREFIX))}
    desired = Desired(scene.name, None, scene.account, scene.region, bundle, own, follows=old.arn)
    tags.check(wanted_tags(desired))
    verdict = (*refused, *reimport.losses(bundle.leaf, old.leaf))
    return Newcomer(desired, weighed, tuple(breach.message for breach in verdict))


def told(account: Account, newcomer: Newcomer) -> Account:
    """Returns what is told of a run, with what is or was to be imported."""
    desired = newcomer.desired
    return replace(account, wanted=desired.bundle.leaf, tags=wanted_tags(desired), verdict=newcomer.verdict)


def bring(scene: Scene, newcomer: Newcomer) -> tuple[CertificateRecord, tuple[str, ...]]:
    """Imports it, or takes over what somebody has imported already, and returns what ACM then holds, with warnings.

    Raises:
        CertkitError: it could not be done, or it is not known whether it was.
    """
    want = Want(
        scene.acm, scene.caller, _placed(scene, newcomer.desired), newcomer.weighed.warnings, newcomer.weighed.reasons
    )
    came = deploying.carry_out(scene.conduct, deploying.decide(scene.conduct, want))
    if isinstance(came, Failure) or came.error is not None or came.arn is None:
        raise came.error or AssertionError("what is in ACM has an ARN")
    return scene.acm.record(came.arn), came.warnings


def delete(scene: Scene, old: CertificateRecord) -> tuple[str, ...]:
    """Deletes the old one, on record; ACM itself refuses what is in use.

    Raises:
        CertkitError: the ledger cannot be written, or ACM refused or did not answer.
    """
    desired, journal = as_it_is(scene, old), scene.journal
    with journal.locked(desired):
        came = deletion.delete(scene.acm, desired, old, journal, "retired: another follows it")
    if came.error:
        raise came.error
    return came.warnings


def _placed(scene: Scene, desired: Desired) -> Desired:
    """Returns what is desired under the ARN of what holds just this certificate without a name, where there is one."""
    conduct = scene.conduct
    seen = conduct.patience.ask(lambda: observe(scene.acm, desired, conduct.session.clock(), conduct.memory(desired)))
    nameless = [one.arn for one in seen.strangers if one.name is None and one.kind == IMPORTED]
    return replace(desired, arn=nameless[0]) if nameless and not seen.own else desired


def _rules_of(user: User) -> str:
    """Returns the name by which `--for` knows what a user takes; empty for one that it does not know."""
    if user.service is Service.ELBV2:
        return "nlb" if ":loadbalancer/net/" in (user.parent or "") else "alb"
    if user.service in {Service.APIGATEWAY, Service.APIGATEWAYV2}:
        return {Slot.EDGE: "api-gateway-edge", Slot.REGIONAL: "api-gateway-regional"}.get(user.slot, "")
    return _RULES.get(user.service, "")
