"""The form of the names of AWS's regions, since only AWS knows which there are, and the region that is used unless told."""

import re
from typing import Final

PATTERN: Final = r"[a-z]{2,8}(-[a-z]+)+-[0-9]{1,2}"
"""What a region's name looks like: it becomes a part of a host's name, so nothing else may pass."""

HOME_REGION: Final = "us-east-1"
"""Where CloudFront takes its certificates from."""


def is_region(name: str) -> bool:
    """Tells whether a region could be called `name`."""
    return re.fullmatch(PATTERN, name) is not None
