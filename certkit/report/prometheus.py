"""What `certkit status --format prometheus` writes: the text exposition format, for the textfile collector.

https://prometheus.io/docs/instrumenting/exposition_formats/. The names `x509_cert_…` and their labels are those of
https://github.com/enix/x509-certificate-exporter, so that its dashboards and alerts show these certificates too.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from cryptography import x509

from certkit import __version__, expiry
from certkit.inventory import Inventory, Listed, State, is_expiring
from certkit.report import one_line
from certkit.report.status import Status

_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class _Metric:
    """One name with a value for each certificate; None where it has none."""

    name: str
    text: str
    value: Callable[[Listed, Status], float | None]
    is_acm: bool = False


_METRICS: Final = (
    _Metric("x509_cert_not_before", "Start of the validity, in seconds since 1970.", lambda one, _: _start(one)),
    _Metric("x509_cert_not_after", "End of the validity, in seconds since 1970.", lambda one, _: _end(one)),
    _Metric(
        "x509_cert_expired",
        "Whether the certificate has expired.",
        lambda one, status: _is_expired(one, status.inventory.at),
    ),
    _Metric("certkit_acm_not_after_timestamp_seconds", "End of the validity.", lambda one, _: _end(one), is_acm=True),
    _Metric(
        "certkit_acm_life_left_ratio",
        "Share of the lifetime that is left.",
        lambda one, status: _left(one, status.inventory.at),
        is_acm=True,
    ),
    _Metric(
        "certkit_acm_expiring",
        "Whether no more is left than the threshold.",
        lambda one, status: is_expiring(one, status.inventory.at, status.threshold),
        is_acm=True,
    ),
    _Metric("certkit_acm_in_use", "Whether an AWS service uses it.", lambda one, _: one.summary.in_use, is_acm=True),
    _Metric(
        "certkit_acm_managed", "Whether certkit knows it by a name.", lambda one, _: one.name is not None, is_acm=True
    ),
)


def text(status: Status) -> str:
    """Returns all samples, each name with its help and type, what was seen first."""
    return "".join(f"{line}\n" for line in _lines(status))


def _lines(status: Status) -> Iterator[str]:
    yield from _of_the_scan(status.inventory)
    labels = [(one, _x509_labels(one), _acm_labels(one)) for one in status.certificates]
    for metric in _METRICS:
        samples = [
            (acm if metric.is_acm else general, metric.value(one, status))
            for one, general, acm in labels
            if not metric.is_acm or one.source is None
        ]
        yield from _metric(metric.name, metric.text, [(found, value) for found, value in samples if value is not None])


def _of_the_scan(inventory: Inventory) -> Iterator[str]:
    yield from _metric("certkit_build_info", "The version of certkit.", [({"version": __version__}, 1)])
    at = inventory.at.timestamp()
    yield from _metric("certkit_acm_scan_timestamp_seconds", "When all this was seen.", [({}, at)])
    yield from _metric("certkit_acm_scan_complete", "Whether every place was seen.", [({}, inventory.is_complete)])
    regions = [one for one in inventory.coverage if one.source is None]
    seen = [
        ({"account": one.account or "", "region": one.region or "", "state": str(state)}, one.state is state)
        for one in regions
        for state in State
    ]
    yield from _metric("certkit_acm_region_state", "Whether a region was seen, denied, or failed.", seen)
    counts = Counter((one.account, one.region) for one in inventory.certificates)
    held = [
        ({"account": one.account or "", "region": one.region or ""}, counts[one.account, one.region])
        for one in regions
        if one.state is State.SEEN
    ]
    yield from _metric("certkit_acm_certificates", "Certificates in a region that was seen.", held)
    failed = sum(one.source is not None and one.state is not State.SEEN for one in inventory.coverage)
    yield from _metric("x509_read_errors", "Files and endpoints that could not be read.", [({}, failed)])


def _metric(name: str, text: str, samples: Sequence[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    if not samples:
        return
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        inner = ",".join(f'{key}="{_escaped(label)}"' for key, label in labels.items())
        yield f"{name}{{{inner}}} {_number(value)}" if inner else f"{name} {_number(value)}"


def _x509_labels(listed: Listed) -> dict[str, str]:
    """Returns the labels of x509-certificate-exporter, which has the serial number in decimal, and where it is."""
    summary = listed.summary
    labels = {"subject_CN": summary.domain or "", "issuer_CN": _common_name(summary.issuer)}
    labels["serial_number"] = str(int(summary.serial.replace(":", ""), 16)) if summary.serial else ""
    if listed.source is None:
        return labels | _acm_labels(listed)
    return labels | {"filename": PurePath(listed.source).name, "filepath": listed.source}


def _acm_labels(listed: Listed) -> dict[str, str]:
    return {
        "arn": listed.summary.arn,
        "account": listed.account or "",
        "region": listed.region or "",
        "name": listed.name or "",
        "domain": listed.summary.domain or "",
        "owner": listed.owner or "",
        "type": listed.summary.kind,
    }


def _common_name(issuer: str | None) -> str:
    try:
        names = x509.Name.from_rfc4514_string(issuer or "").get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    except ValueError:  # a name that Python does not read
        return ""
    return str(names[0].value) if names else ""


def _start(listed: Listed) -> float | None:
    return listed.summary.not_before.timestamp() if listed.summary.not_before else None


def _end(listed: Listed) -> float | None:
    return listed.summary.not_after.timestamp() if listed.summary.not_after else None


def _is_expired(listed: Listed, now: dt.datetime) -> bool | None:
    return listed.summary.not_after < now if listed.summary.not_after else None


def _left(listed: Listed, now: dt.datetime) -> float | None:
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return None
    return round(expiry.share_left(summary.not_before, summary.not_after, now), 4)


def _escaped(label: str) -> str:
    return one_line(label).translate(_ESCAPES)


def _number(value: float) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)
