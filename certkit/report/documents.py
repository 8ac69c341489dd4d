"""`docs/schemas.md`: every JSON document that certkit writes or reads, and its schema."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Final

_HEAD: Final = """# JSON schemas

Every document of `--format json` names its schema and keeps it: `"schema": "certkit.status/1"`. Fields are added without a new number;
nothing is taken away or changes its meaning with the same one. The files are in the package: `certkit/schemas/`.

Times are RFC 3339 in UTC, fingerprints lower-case hexadecimal SHA-256 of the DER, serials `0a:1b:…`, key algorithms as ACM spells
them (`RSA_2048`, `EC_prime256v1`), names RFC 4514, `days_left` rounded down.

This page is made from the code: `make docs`.

| document | says | schema |
| --- | --- | --- |
"""


def schemas() -> Mapping[str, str]:
    """Returns the title of each schema by the name of its file, sorted."""
    files = sorted(resources.files("certkit").joinpath("schemas").iterdir(), key=lambda file: file.name)
    return {file.name: json.loads(file.read_text("utf-8"))["title"] for file in files if file.name.endswith(".json")}


def page() -> str:
    """Returns `docs/schemas.md`."""
    rows = (
        f"| {_document(name)} | {title} | [{name}](../certkit/schemas/{name}) |\n" for name, title in schemas().items()
    )
    return _HEAD + "".join(rows)


def _document(name: str) -> str:
    stem = name.removesuffix(".json")
    return "`certkit.toml`, which is read" if stem == "config" else f"`certkit.{stem}/1`"
