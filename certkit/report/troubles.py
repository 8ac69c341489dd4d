"""What a run has to tell owners in words: for a mail, for a chat, and as an event for programs."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from certkit.notify.trouble import News, Recovery, Trouble
from certkit.report import one_line
from certkit.report.certificate import time_text
from certkit.report.notices import MOST_LINES, code_line, time_left

_MOST_CHARACTERS: Final = 600
"""Of one line: what a program said last is part of it."""

FAILED: Final = "Certificate Renewal Failed"
"""What an event's `detail-type` is; not AWS's own words, so that no rule for those takes ours as well."""

RECOVERED: Final = "Certificate Renewal Recovered"


def subject(news: News) -> str:
    """Returns the first line of a message: ASCII, below the 100 characters that SNS takes, and of our own words alone."""
    failed = len({one.place[0] for one in news.troubles})
    over = len({one.place[0] for one in news.recoveries})
    parts = [f"{failed} certificate{'s' * (failed != 1)} could not be renewed"] if failed else []
    parts += [f"{over} {'is' if over == 1 else 'are'} well again"] if over else []
    return f"certkit: {', '.join(parts)}"


def lines(news: News, now: dt.datetime) -> Iterator[str]:
    """Yields a line for each certificate and reason, wherever that is, then what is over; of very many the first ones."""
    alike: dict[tuple[str, str], list[Trouble]] = defaultdict(list)
    for trouble in news.troubles:
        alike[trouble.place[0], trouble.stage(now)].append(trouble)
    over: dict[str, list[Recovery]] = defaultdict(list)
    for recovery in news.recoveries:
        over[recovery.place[0]].append(recovery)
    found = [*(_failed(group, now) for group in alike.values()), *(_recovered(group) for group in over.values())]
    for line in found[:MOST_LINES]:
        yield one_line(line)[:_MOST_CHARACTERS]
    if len(found) > MOST_LINES:
        yield f"and {len(found) - MOST_LINES} more: certkit renew shows all"


def mail(news: News, now: dt.datetime) -> str:
    """Returns a message as plain text."""
    return "\n".join([subject(news), "", *lines(news, now)]) + "\n"


def chat(news: News, now: dt.datetime) -> bytes:
    """Returns a message for a webhook; see `certkit.report.notices.chat`."""
    return json.dumps({"text": "\n".join([subject(news), *map(code_line, lines(news, now))])}).encode()


def events(news: News) -> Iterator[tuple[str, str]]:
    """Yields an event for each certificate in each place: its `detail-type`, and its detail as JSON."""
    for trouble in news.troubles:
        ends, error = trouble.ends, trouble.error
        why = {"code": error.code, "message": one_line(error.message), "hint": error.hint}
        yield FAILED, _detail(trouble, {**why, "not_after": time_text(ends.not_after) if ends else None})
    for recovery in news.recoveries:
        yield RECOVERED, _detail(recovery, {})


def _detail(one: Trouble | Recovery, more: Mapping[str, object]) -> str:
    name, account, region = one.place
    place = {"name": name, "account": account or None, "region": region or None, "owner": one.owner}
    return json.dumps({**place, **more}, sort_keys=True)


def _failed(group: Sequence[Trouble], now: dt.datetime) -> str:
    first = group[0]
    facts = [f"{first.place[0]}: not renewed{_where(group)}: {first.error.message}"]
    ends = min((one.ends.not_after for one in group if one.ends), default=None)
    if ends is not None:
        end = f"{ends:%Y-%m-%d}"
        facts.append(f"expired on {end}" if ends < now else f"ACM's expires in {time_left(ends - now)}, on {end}")
    if first.error.hint:
        facts.append(f"hint: {first.error.hint}")
    return "; ".join(facts)


def _recovered(group: Sequence[Recovery]) -> str:
    return f"{group[0].place[0]}: well again{_where(group)}"


def _where(group: Iterable[Trouble | Recovery]) -> str:
    places = [one.where for one in group if one.where]
    if not places:
        return ""
    return f" in {places[0]}" + (f" and {len(places) - 1} more" if len(places) > 1 else "")
