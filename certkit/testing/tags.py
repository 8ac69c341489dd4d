"""ACM's rules for tags beyond what its service model says: how many, and nothing of `aws:`.

https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from certkit.testing.refusal import AwsRefusal, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import NotRequired

MAX_TAGS: Final = 50
"""Per certificate; https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html"""


class Tag(TypedDict):
    """A tag as it is sent; one without a value is a tag too."""

    Key: str
    Value: NotRequired[str]


def with_added(current: Mapping[str, str | None], added: Iterable[Tag]) -> dict[str, str | None]:
    """The tags after an addition, in which a key that is there already gets the new value.

    Raises:
        AwsRefusal: One of those added is reserved, or there would be too many.
    """
    tags = dict(current)
    for tag in added:
        _check_unreserved(tag)
        tags[tag["Key"]] = tag.get("Value")
    if len(tags) > MAX_TAGS:
        listed = ", ".join(f"{key}={value or ''}" for key, value in tags.items())
        # moto's text, which has the form of the service's
        raise AwsRefusal("TooManyTagsException", f"the TagSet: '{{{listed}}}' contains too many Tags")
    return tags


def without(current: Mapping[str, str | None], removed: Iterable[Tag]) -> dict[str, str | None]:
    """The tags after a removal; one named with a value goes only if it has that value.

    Raises:
        AwsRefusal: One of those removed is reserved.
    """
    tags = dict(current)
    for tag in removed:
        _check_unreserved(tag)
        key = tag["Key"]
        if key in tags and tag.get("Value", tags[key]) == tags[key]:
            del tags[key]
    return tags


def _check_unreserved(tag: Tag) -> None:
    key = tag["Key"]
    if key.startswith("aws:"):
        # moto's text, which has the form of the service's
        raise invalid(f'Invalid Tag Key: "{key}". AWS internal tags cannot be changed with this API')
    if tag.get("Value", "").startswith("aws:"):
        # Documentation of InvalidTagException in ACM's service model; text unsourced.
        raise AwsRefusal("InvalidTagException", f"The value of tag {key} begins with aws:.")
