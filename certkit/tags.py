"""ACM's rules on tags, checked before anything is sent.

https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html and the shapes TagKey, TagValue and TagList.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from certkit import limits
from certkit.errors import UsageError

_PUNCTUATION: Final = frozenset("_.:/=+-@")
CERTKIT_PREFIX: Final = "certkit:"
"""How the keys of certkit's own tags begin."""

AWS_PREFIX: Final = "aws:"
"""What is AWS's own. Keys: tags-restrictions. Values: documentation of InvalidTagException in ACM's service model."""


def parse(arguments: Iterable[str]) -> dict[str, str]:
    """Reads tags as `KEY=VALUE`, or as the AWS CLI has them, `Key=KEY,Value=VALUE`.

    Raises:
        UsageError: it is neither, ACM would refuse it, or it is one of certkit's own.
    """
    tags: dict[str, str] = {}
    for argument in arguments:
        key, value = _pair(argument)
        if key in tags:
            raise UsageError(f"the tag {key!r} is given twice")
        tags[key] = value
    check_own(tags)
    return tags


def check_own(tags: Mapping[str, str]) -> None:
    """Checks the tags that a user wants.

    Raises:
        UsageError: ACM would refuse them, or one is certkit's own.
    """
    for key in tags:
        if key.startswith(CERTKIT_PREFIX):
            raise UsageError(f"the tag {key!r} is certkit's own", hint="the certificate's name says it")
    check(tags)


def check(tags: Mapping[str, str]) -> None:
    """Checks tags against ACM's limits and alphabet.

    Raises:
        UsageError: ACM would refuse them.
    """
    if len(tags) > limits.MAX_TAGS:
        raise UsageError(f"there are {len(tags)} tags, and ACM takes {limits.MAX_TAGS}")
    for key, value in tags.items():
        if not key:
            raise UsageError("a tag has an empty key")
        _check_text(key, "key", key, limits.MAX_TAG_KEY_CHARACTERS)
        _check_text(key, "value", value, limits.MAX_TAG_VALUE_CHARACTERS)


def check_name(name: str) -> None:
    """Checks a certificate's name, which stands in ACM as a tag's value.

    Raises:
        UsageError: it is empty, or ACM would refuse it.
    """
    if not name.strip():
        raise UsageError("--name is empty")
    _check_text("certkit:name", "value", name, limits.MAX_TAG_VALUE_CHARACTERS)


def _pair(argument: str) -> tuple[str, str]:
    if argument.startswith("Key=") and ",Value=" in argument:
        key, _, value = argument.removeprefix("Key=").partition(",Value=")
        return key, value
    key, separator, value = argument.partition("=")
    if not separator:
        raise UsageError(f"--tag {argument!r} is not KEY=VALUE")
    return key, value


def _check_text(tag: str, what: str, text: str, most: int) -> None:
    if text.lower().startswith(AWS_PREFIX):
        raise UsageError(f"the {what} {text!r} of the tag {tag!r} begins with {AWS_PREFIX}, which is for AWS alone")
    if len(text) > most:
        raise UsageError(f"the {what} of the tag {tag!r} has {len(text)} characters, and ACM takes {most}")
    strange = sorted({character for character in text if not _is_allowed(character)})
    if strange:
        raise UsageError(
            f"the {what} {text!r} of the tag {tag!r} holds {' '.join(map(repr, strange))}, which ACM does not take in tags",
            hint="use letters, digits, spaces and _ . : / = + - @",
        )


def _is_allowed(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LZN"
