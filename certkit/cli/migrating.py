"""The wiring of `migrate`: the plan, the way there, the way back, and the end."""

from collections.abc import Callable
from dataclasses import replace

from certkit.aws.acm import Acm
from certkit.cli import conduct, configuration, escrows, newcomers, repointing, sights
from certkit.cli.cloud import Cloud
from certkit.cli.migration_wish import Wish, check
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.trip import Trip
from certkit.cli.whereabouts import Scene, look, pair
from certkit.errors import CertkitError, UsageError
from certkit.manifest import Manifest
from certkit.migration import Migration, Stage
from certkit.migration.course import stamp
from certkit.record import FOLLOWS_TAG, NAME_TAG, UNUSED_SINCE_TAG, CertificateRecord
from certkit.report import migration as report
from certkit.report import migration_text
from certkit.report.migration import BACK, Account, Told


def run(session: Session, wish: Wish) -> int:
    """Shows the way, or goes it, and returns the exit code.

    Raises:
        UsageError: the options contradict each other, or there is no such certificate.
        ReadOnlyError: CERTKIT_READ_ONLY forbids what is wanted.
        CertkitError: the SOURCE cannot be read or is not importable, or AWS or the ledger cannot be reached.
    """
    check(wish)
    if wish.writes:
        conduct.check_may_write(session, f"certkit migrate {wish.name} without --apply and --yes")
    found = configuration.find(wish.config)
    scene = _scene(session, wish, found)
    trip = Trip(session, wish, scene, pair(scene), found.freezes if found else ())
    account = _account(trip)
    if wish.output_format is OutputFormat.JSON:
        session.show_document(report.document(account))
    else:
        session.show(migration_text.text(account))
    return _exit_code(wish, account)


def _account(trip: Trip) -> Account:
    """Goes the way that is wanted, or shows it: in a freeze nothing is written, and what waits for its end says so."""
    account = _show(trip) if trip.freeze else _way(trip.wish)(trip)
    freeze = trip.freeze
    if freeze is None or account.stage is Stage.DONE:
        return account
    return replace(account, warnings=(str(freeze), *account.warnings))


def _way(wish: Wish) -> Callable[[Trip], Account]:
    if wish.retires:
        return _retire if wish.is_sure else _show
    if wish.reverts:
        return _revert if wish.applies else _show_back
    return _go if wish.applies else _show


def _scene(session: Session, wish: Wish, found: Manifest | None) -> Scene:
    """Says where and as whom, and returns it.

    Raises:
        UsageError: several regions are meant.
    """
    cloud = Cloud(session, configuration.regions_of(found, wish.name))
    regions = cloud.regions()
    if len(regions) > 1:
        raise UsageError(
            f"{wish.name} is in {', '.join(regions)}, and each has users of its own",
            hint="migrate one after the other, each with --region",
        )
    identity = cloud.identity(regions[0])
    session.say(f"certkit: account {identity.account}, {regions[0]}, as {identity.arn}")
    instead = f"certkit migrate {wish.name}"
    behaviour = (
        conduct.writing(session, "migrate", instead, cloud.aws)
        if wish.writes
        else conduct.looking(session, "migrate", cloud.aws)
    )
    behaviour = escrows.with_escrow(behaviour, found.escrow if found else None, cloud.aws)
    acm = Acm(cloud.aws, regions[0])
    return Scene(behaviour, cloud.aws, acm, identity.arn, wish.name, identity.account, wish.quiet)


def _show(trip: Trip) -> Account:
    """Shows what would be done."""
    old, new = trip.ends()
    migration = look(trip.scene, old, new)
    if new is not None or old is None:
        return trip.account(migration)
    newcomer = newcomers.weigh(trip.scene, trip.wish, old, migration)
    return newcomers.told(trip.account(migration), newcomer)


def _go(trip: Trip) -> Account:
    """Imports, repoints, looks what is served, and notes when nothing uses the old one any more."""
    old, new = trip.ends()
    migration = look(trip.scene, old, new)
    if old is None:
        return _finish(trip, migration)
    if new is not None:
        return _proceed(trip, migration, old, new)
    newcomer = newcomers.weigh(trip.scene, trip.wish, old, migration)
    new, warnings = newcomers.bring(trip.scene, newcomer)
    account = newcomers.told(_proceed(trip, replace(migration, new=new), old, new), newcomer)
    return replace(account, warnings=(*warnings, *account.warnings))


def _proceed(trip: Trip, migration: Migration, old: CertificateRecord, new: CertificateRecord) -> Account:
    """Goes on from where both are there."""
    moves = (move for move in migration.moves if move.is_ours and trip.freeze is None)
    made = tuple(repointing.carry_out(trip.scene, moves, old, new))
    after = look(trip.scene, trip.scene.acm.record(old.arn), new)
    warnings = tuple(warning for one in made for warning in one.warnings)
    if trip.freeze is None and not any(one.error for one in made):
        warnings += _note_quiet(trip, after)
        after = replace(after, old=trip.scene.acm.record(old.arn))
    seen = sights.take(trip.session, new, after.moved, trip.wish.seconds)
    return replace(trip.account(after), done=tuple(map(_told, made)), sights=seen, warnings=warnings)


def _show_back(trip: Trip) -> Account:
    """Shows what the way back would do."""
    old, new = trip.both()
    return trip.account(_looked_back(trip, old, new), BACK)


def _revert(trip: Trip) -> Account:
    """Repoints to the old one, the last first, and then gives it the name back."""
    old, new = trip.both()
    migration = _looked_back(trip, old, new)
    moves = tuple(move for move in reversed(migration.moves) if move.is_ours)
    done = tuple(_told(made) for made in repointing.carry_out(trip.scene, moves, new, old))
    after = _looked_back(trip, old, new)
    events: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    if not after.moves and not after.unseen:
        if UNUSED_SINCE_TAG in old.tags:
            warnings += repointing.tag(trip.scene, old, {}, (UNUSED_SINCE_TAG,))
        warnings += repointing.tag(trip.scene, new, {}, (FOLLOWS_TAG, NAME_TAG))
        events = (f"{old.arn} has the name back; {new.arn} stays in ACM without one, and nothing uses it",)
    seen = sights.take(trip.session, old, after.moved, trip.wish.seconds)
    return replace(trip.account(after, BACK), done=done, events=events, sights=seen, warnings=warnings)


def _retire(trip: Trip) -> Account:
    """Deletes the old one where nothing stands in its way; what does, is told."""
    old, new = trip.ends()
    if old is None or new is None:
        return _finish(trip, look(trip.scene, old, new))
    migration = look(trip.scene, old, new)
    seen = sights.take(trip.session, new, migration.moved, trip.wish.seconds)
    if any(map(sights.is_wrong, seen)) or migration.stage(trip.session.clock()) is not Stage.RETIRE:
        return replace(trip.account(migration), sights=seen)
    warnings = newcomers.delete(trip.scene, old)
    warnings += repointing.tag(trip.scene, new, {}, (FOLLOWS_TAG,))
    gone = replace(migration, old=None, new=trip.scene.acm.record(new.arn))
    return replace(trip.account(gone), events=(f"{old.arn} is deleted",), sights=seen, warnings=warnings)


def _finish(trip: Trip, migration: Migration) -> Account:
    """Takes the tag off a certificate whose predecessor is gone: a run may have died between the two."""
    new = migration.new
    if new is None or FOLLOWS_TAG not in new.tags:
        return trip.account(migration)
    warnings = repointing.tag(trip.scene, new, {}, (FOLLOWS_TAG,))
    return replace(trip.account(migration), warnings=warnings)


def _looked_back(trip: Trip, old: CertificateRecord, new: CertificateRecord) -> Migration:
    """Returns who would go back: the users of the new one."""
    back = look(trip.scene, new, old)
    return replace(back, old=old, new=new)


def _note_quiet(trip: Trip, after: Migration) -> tuple[str, ...]:
    """Notes on the old one that nothing uses it any more, or takes the note off where something does again."""
    old = after.old
    if old is None:
        return ()
    if after.is_unused and after.unused_since is None:
        return repointing.tag(trip.scene, old, {UNUSED_SINCE_TAG: stamp(trip.session.clock())})
    if after.moves and UNUSED_SINCE_TAG in old.tags:
        return repointing.tag(trip.scene, old, {}, (UNUSED_SINCE_TAG,))
    return ()


def _told(made: repointing.Made) -> Told:
    came = "failed" if made.error else made.came.value if made.came else None
    return Told(made.move, came, made.error)


def _exit_code(wish: Wish, account: Account) -> int:
    if any(told.error for told in account.done):
        return CertkitError.exit_code
    if not wish.writes:
        return 0
    if wish.retires and account.migration.old is not None:
        return 1
    migration = account.migration
    return 1 if migration.new is None or migration.moves or any(map(sights.is_wrong, account.sights)) else 0
