"""What `certkit renew` tells: its last line, and the variables that commands and hooks read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from certkit import certificate as x
from certkit.apply import Result, Row
from certkit.errors import CertkitError
from certkit.manifest import CertificateSpec
from certkit.report import certificate as certificates
from certkit.report import one_line
from certkit.target import Failure


def summary(rows: Iterable[Row]) -> str:
    """Returns how many certificates came to which end, in a line."""
    counts = Counter(map(_word, rows))
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items())) or "nothing to do"


def _word(row: Row) -> str:
    if isinstance(row, Failure) or row.error:
        return "failed"
    return row.withheld.word if row.withheld else row.action


def variables(spec: CertificateSpec, event: str, run: str) -> dict[str, str]:
    """Returns what every command and hook of a certificate learns.

    Args:
        event: `renew`, `pre`, `post` or `failure`.
        run: the ID of the run.
    """
    return {
        "CERTKIT_EVENT": event,
        "CERTKIT_NAME": spec.name,
        "CERTKIT_OWNER": spec.owner or "",
        "CERTKIT_RUN": run,
    }


def done(rows: Sequence[Result]) -> Mapping[str, str]:
    """Returns what `post` learns besides; all rows are of one certificate."""
    leaf = rows[0].desired.bundle.leaf
    actions = dict.fromkeys(row.action for row in rows)
    return {
        "CERTKIT_ACTION": " ".join(actions),
        "CERTKIT_ARNS": " ".join(row.arn for row in rows if row.arn),
        "CERTKIT_NOT_AFTER": certificates.time_text(leaf.not_valid_after_utc),
        "CERTKIT_SHA256": x.fingerprint(leaf),
    }


def failed(error: CertkitError) -> Mapping[str, str]:
    """Returns what `on_failure` learns besides."""
    return {"CERTKIT_ERROR": one_line(error.message), "CERTKIT_ERROR_CODE": error.code}
