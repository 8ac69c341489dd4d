"""Results for machines."""

import json
from collections.abc import Mapping


def json_text(document: Mapping[str, object]) -> str:
    """Returns a document as JSON: in the order in which it was made, everything beyond ASCII escaped."""
    return json.dumps(document, indent=2)
