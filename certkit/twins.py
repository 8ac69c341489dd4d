"""Several certificates under one name: which is meant, and which are copies that certkit made by accident.

An import has no idempotency token, and the indexes of ACM lag: of two hosts at the same time, or of an answer that was
lost, a second copy may come. Every host decides alike, from what ACM says alone, so that none removes another's choice.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

from certkit import certificate as x
from certkit.errors import AmbiguousError
from certkit.record import IMPORTED, NOT_AFTER_TAG, SHA256_TAG, CertificateRecord, standing

_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
COPY_SPAN: Final = dt.timedelta(hours=1)
"""How far apart a certificate and an accidental copy of it may have been created.

Lost answers, and hosts that run at once, make copies minutes apart: three attempts of two minutes each, and up to ten minutes
until ACM shows each. Copies that are hours apart were meant, or adopted: `adopt` gives them the same tags.
"""

_HINT: Final = "take the tag certkit:name off the one that is not meant, or delete it"


def winner(own: Collection[CertificateRecord]) -> CertificateRecord:
    """Returns the one that stays of certificates of one name: the one in use, else the oldest, else the lowest ARN.

    One that another of them follows is left out: it is neither meant nor a copy, and `migrate` alone deals with it.

    Raises:
        AmbiguousError: they hold different leaves, or more than one is in use.
    """
    own = standing(own)
    if len({x.fingerprint(record.leaf) for record in own}) > 1:
        raise _ambiguous(own, "they hold different certificates")
    used = [record for record in own if record.in_use_by]
    if len(used) > 1:
        raise _ambiguous(own, "more than one is in use")
    return min(used or own, key=lambda record: (record.created_at or _NEVER, record.arn))


def spares(
    own: Collection[CertificateRecord], wanted: Collection[str], made: Collection[str] = ()
) -> tuple[CertificateRecord, ...]:
    """Returns those that are to go: copies of the winner that certkit made, and that nothing uses.

    Args:
        wanted: the keys of the tags that the winner will have in any case.
        made: the ARNs that certkit imported, as far as a ledger knows. Without one, an import of certkit's is known by
            its tags, which are within the call: the name, the fingerprint of just this leaf, its end; and an accident
            by its time, which is close to that of the one that stays.

    Raises:
        AmbiguousError: it cannot be said which is meant, or one of the others may be somebody else's.
    """
    own = standing(own)
    keep = winner(own)
    others = tuple(sorted((record for record in own if record.arn != keep.arn), key=lambda record: record.arn))
    for other in others:
        if other.arn not in made:
            _check_is_accident(own, other, keep)
        if not _is_tagged_like(other, keep, wanted):
            raise _ambiguous(own, f"somebody has tagged {other.arn}")
    return others


def _check_is_accident(own: Collection[CertificateRecord], other: CertificateRecord, keep: CertificateRecord) -> None:
    """Checks that it was certkit that made a copy of which no ledger knows, and by accident.

    Raises:
        AmbiguousError: it may be somebody else's, or one that certkit took over.
    """
    if not _bears_our_marks(other):
        raise _ambiguous(own, f"certkit has not imported {other.arn}")
    if not _is_of_one_time(other, keep):
        raise _ambiguous(own, f"{other.arn} is no accidental copy: more than an hour lies between them")


def _is_of_one_time(other: CertificateRecord, keep: CertificateRecord) -> bool:
    if other.created_at is None or keep.created_at is None:
        return False
    return abs(other.created_at - keep.created_at) <= COPY_SPAN


def _bears_our_marks(record: CertificateRecord) -> bool:
    """Tells whether it carries what certkit sends with an import, for the very leaf that it holds."""
    tags = record.tags
    return record.kind == IMPORTED and NOT_AFTER_TAG in tags and tags.get(SHA256_TAG) == x.fingerprint(record.leaf)


def _is_tagged_like(other: CertificateRecord, keep: CertificateRecord, wanted: Collection[str]) -> bool:
    """Tells whether nobody's tag is lost with `other`: what stands on it stands on the one that stays, ours aside."""
    return all(key in wanted or keep.tags.get(key) == value for key, value in other.tags.items())


def _ambiguous(own: Collection[CertificateRecord], why: str) -> AmbiguousError:
    name = next(iter(own)).name
    arns = ", ".join(sorted(record.arn for record in own))
    return AmbiguousError(f"{len(own)} certificates are called {name!r}, and {why}: {arns}", hint=_HINT)
