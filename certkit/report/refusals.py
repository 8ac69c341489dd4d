"""The page of what ACM's refusals mean."""

from collections.abc import Iterable
from itertools import groupby

from certkit.aws.refusals import Translation, translate


def page(translations: Iterable[Translation]) -> str:
    """Returns `docs/acm-errors.md`.

    Raises:
        ValueError: an example is told by another translation than its own.
    """
    sections = (_section(codes, list(rows)) for codes, rows in groupby(translations, lambda one: one.codes))
    return _HEAD + "\n".join(sections)


def _section(codes: tuple[str, ...], rows: Iterable[Translation]) -> str:
    head = f"## {', '.join(codes)}\n\n| ACM says | what it means | what to do |\n| --- | --- | --- |\n"
    return head + "".join(map(_row, rows))


def _row(one: Translation) -> str:
    match = one.match(one.codes[0], one.example)
    found = {name: value or "?" for name, value in match.groupdict().items()} if match else {}
    cause, fix = one.cause.format_map(found), one.fix.format_map(found)
    if translate(one.codes[0], one.example) != (cause, fix):
        raise ValueError(f"{one.example!r} is not told by {one.pattern!r}")
    said = one.example.replace("|", "\\|") or "nothing"
    return f"| {said} ([source]({one.source})) | {cause or 'what it says'} | {fix} |\n"


_HEAD = """# What ACM's errors mean

What ACM answers to an import, what is really the matter, and the way out. certkit shows cause and way out, with ACM's own
words beside them, and never what ACM quotes of the input, which may be a private key. The codes and the words that mean
something decide, not the whole text, which AWS changes. Each text was documented, reported or imitated where the source says;
where no text is known, that of the strict ACM stands here, with the page that documents the refusal. certkit finds most of
these faults itself, before ACM is asked (`certkit validate`).

Any other answer is shown as it came: code and words. certkit's own codes are in [errors](errors.md).

This page is made from the code: `make docs`.

"""
