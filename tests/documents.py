"""Holds the JSON that certkit writes to its schema."""

import json
from functools import cache
from importlib import resources
from typing import Any, Final

import jsonschema

NAMES: Final = tuple(
    sorted(
        file.name.removesuffix(".json")
        for file in resources.files("certkit").joinpath("schemas").iterdir()
        if file.name.endswith(".json") and file.name != "config.json"
    )
)
"""Every document that has a schema, by the middle of its `schema`: `certkit.NAME/1`; the configuration is read, not written."""


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of the document `certkit.NAME/1`."""
    text = resources.files("certkit").joinpath("schemas", f"{name}.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name))


def read(text: str) -> dict[str, Any]:
    """The document in `text`, once it has been held to its schema."""
    assert text.isascii()
    document: dict[str, Any] = json.loads(text)
    name = document["schema"].removeprefix("certkit.").removesuffix("/1")
    _validator(name).validate(document)
    return document


def fits(name: str, document: object) -> bool:
    """Whether `document` is one of the kind `certkit.NAME/1`."""
    return bool(_validator(name).is_valid(document))
