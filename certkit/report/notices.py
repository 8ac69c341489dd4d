"""Notices in words: for a mail, for a chat, and as an event for programs. What certificates say is somebody else's text."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from certkit import expiry
from certkit.expiry import Urgency
from certkit.inventory import Listed
from certkit.notify.notice import Notice
from certkit.report import one_line
from certkit.report.certificate import time_text

SOURCE: Final = "certkit"
"""What an event's `source` is."""

MOST_LINES: Final = 30
"""What a person reads of one message."""

MOST_CHARACTERS: Final = 300
"""Of one line: a name has at most 253."""


def subject(notices: Sequence[Notice], now: dt.datetime) -> str:
    """Returns the first line of a message: ASCII, below the 100 characters that SNS takes, and of our own words alone.

    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    """
    count = len({_identity(notice.listed) for notice in notices})
    what = f"{count} certificate{'s' * (count != 1)}"
    expired = len({_identity(one.listed) for one in notices if one.urgency is Urgency.EXPIRED})
    if expired == count:
        return f"certkit: {what} {'has' if count == 1 else 'have'} expired"
    soonest = min(notice.not_after for notice in notices if notice.urgency is not Urgency.EXPIRED)
    rest = f", {expired} {'has' if expired == 1 else 'have'} expired" if expired else ""
    verb = "expires" if count == 1 else "expire, the next"
    return f"certkit: {what} {verb} in {time_left(soonest - now)}{rest}"


def lines(notices: Iterable[Notice], now: dt.datetime) -> Iterator[str]:
    """Yields a line for each certificate, wherever it is, the first to expire first; of very many the first ones."""
    alike: dict[tuple[str, ...], list[Notice]] = defaultdict(list)
    for notice in notices:
        alike[_identity(notice.listed)].append(notice)
    groups = sorted(alike.values(), key=lambda group: group[0].not_after)
    for group in groups[:MOST_LINES]:
        yield _line(group, now)
    if len(groups) > MOST_LINES:
        yield f"and {len(groups) - MOST_LINES} more: certkit status shows all"


def mail(notices: Sequence[Notice], problems: Sequence[str], now: dt.datetime) -> str:
    """Returns a message as plain text, with what could not be seen below."""
    found = [subject(notices, now), "", *lines(notices, now)] if notices else []
    unseen = ["", "Not seen, so that there may be more:", *problems[:MOST_LINES]] if problems else []
    return "\n".join(one_line(line) for line in [*found, *unseen]).strip() + "\n"


def chat(notices: Sequence[Notice], problems: Sequence[str], now: dt.datetime) -> bytes:
    """Returns a message as Slack's incoming webhooks take it, and those of Mattermost, Rocket.Chat and others.

    https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/. Nothing in a certificate can make a link,
    call people or set type: `&`, `<` and `>` are entities (https://docs.slack.dev/messaging/formatting-message-text/),
    each line is code, and an `@` is not the one that calls people.
    """
    head = [subject(notices, now)] if notices else []
    body = [code_line(line) for line in lines(notices, now)]
    unseen = ["Not seen, so that there may be more:", *map(code_line, problems[:MOST_LINES])] if problems else []
    return json.dumps({"text": "\n".join([*head, *body, *unseen])}).encode()


def event(notice: Notice, now: dt.datetime) -> str:
    """Returns the detail of an event, as JSON."""
    listed, summary = notice.listed, notice.listed.summary
    detail: Mapping[str, object] = {
        "arn": summary.arn or None,
        "source": listed.source,
        "account": listed.account,
        "region": listed.region,
        "name": listed.name,
        "owner": notice.owner,
        "domain": summary.domain,
        "not_after": time_text(notice.not_after),
        "days_left": expiry.days_left(notice.not_after, now),
        "urgency": notice.urgency.value,
        "in_use": summary.in_use,
    }
    return json.dumps(detail, sort_keys=True)


def kind_of_event(notice: Notice) -> str:
    """Returns what an event's `detail-type` is; not AWS's own words, so that no rule for those takes ours as well."""
    return "Certificate Expired" if notice.urgency is Urgency.EXPIRED else "Certificate Expiring"


def _line(group: Sequence[Notice], now: dt.datetime) -> str:
    notice = group[0]
    summary = notice.listed.summary
    end = f"{notice.not_after:%Y-%m-%d}"
    left = notice.not_after - now
    when = f"expired on {end}" if notice.urgency is Urgency.EXPIRED else f"expires in {time_left(left)}, on {end}"
    facts = [
        notice.listed.name or summary.domain or notice.listed.place,
        when,
        "in use" if any(one.listed.summary.in_use for one in group) else "not in use",
        _where(group),
    ]
    if notice.owner:
        facts.append(f"owner {notice.owner}")
    return one_line("; ".join(facts))[:MOST_CHARACTERS]


def _where(group: Sequence[Notice]) -> str:
    first = group[0].listed
    place = first.source or f"{first.region} of {first.account}"
    return place if len(group) == 1 else f"{place} and {len(group) - 1} more"


def _identity(listed: Listed) -> tuple[str, ...]:
    """Returns what is the same for one certificate in many places."""
    summary = listed.summary
    if summary.issuer and summary.serial:
        return (summary.issuer, summary.serial)
    return (listed.place,)


def time_left(left: dt.timedelta) -> str:
    """Returns days, or hours where there are fewer than two of them."""
    hours = left // dt.timedelta(hours=1)
    count, unit = (hours, "hour") if left < dt.timedelta(days=2) else (left.days, "day")
    return f"{count} {unit}{'s' * (count != 1)}"


def code_line(line: str) -> str:
    """Returns a line as code for a chat, in which nothing makes a link, calls people or sets type."""
    plain = one_line(line).replace("`", "'").replace("@", "@\u200b")
    return f"`{plain.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}`"
