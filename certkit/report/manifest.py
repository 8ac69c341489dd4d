"""The keys of the manifest, as a page for people and as a JSON Schema for editors."""

from collections.abc import Iterable
from typing import Final

from certkit.manifest import keys
from certkit.manifest.keys import Key
from certkit.report.machine import json_text

_HEAD: Final = """# The keys of the manifest

What each table of [`certkit.toml`](manifest.md) may say. An unknown key is an error.

This page is made from the code: `make docs`.

"""


def schema() -> dict[str, object]:
    """Returns `certkit/schemas/config.json`, by which an editor completes and checks a `certkit.toml`."""
    certificates = {**_table(keys.CERTIFICATE_KEYS), "oneOf": [_needs("source"), _needs("body", "key")]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:certkit:config",
        "title": "What certkit.toml says",
        "type": "object",
        "properties": {
            "defaults": _table(keys.DEFAULT_KEYS),
            "accounts": _tables(_table(keys.ACCOUNT_KEYS)),
            "certificates": _tables(certificates),
            "notify": _table(keys.NOTIFY_KEYS),
            "owners": _tables({**_table(keys.ADDRESS_KEYS), "minProperties": 1}),
            "job": _table(keys.JOB_KEYS),
            "escrow": _escrow(),
            "waves": _table(keys.WAVES_KEYS),
            "freeze": {"type": "array", "items": _table(keys.FREEZE_KEYS)},
            "waiver": {"type": "array", "items": _table(keys.WAIVER_KEYS)},
        },
        "additionalProperties": False,
    }


def schema_text() -> str:
    """Returns the text of `certkit/schemas/config.json`."""
    return json_text(schema()) + "\n"


def page() -> str:
    """Returns `docs/manifest-keys.md`."""
    sections = [
        ("[certificates.NAME]", keys.CERTIFICATE_KEYS),
        ("[defaults]", keys.DEFAULT_KEYS),
        ("[accounts.NAME]", keys.ACCOUNT_KEYS),
        ("[notify]", keys.NOTIFY_KEYS),
        ("[owners.NAME]", keys.ADDRESS_KEYS),
        ("[job]", keys.JOB_KEYS),
        ("[escrow]", keys.ESCROW_KEYS),
        ("[waves]", keys.WAVES_KEYS),
        ("[[freeze]]", keys.FREEZE_KEYS),
        ("[[waiver]]", keys.WAIVER_KEYS),
    ]
    return _HEAD + "\n".join(f"## `{title}`\n\n{_rows(listed)}" for title, listed in sections)


def _table(listed: Iterable[Key[object]]) -> dict[str, object]:
    own = list(listed)
    required = [key.name for key in own if key.default == "required"]
    table = {
        "type": "object",
        "properties": {key.name: {"description": key.meaning, **key.form} for key in own},
        "additionalProperties": False,
    }
    return {**table, "required": required} if required else table


def _escrow() -> dict[str, object]:
    """Returns the form of `[escrow]`: a bucket with its key, a folder with its recipient, or nothing at all."""
    in_bucket = {"required": ["bucket", "kms_key"], "not": {"required": ["folder"]}}
    others = [{"required": [key.name]} for key in (keys.BUCKET, keys.PREFIX, keys.KMS_KEY, keys.BUCKET_REGION)]
    in_folder = {"required": ["folder", "recipient"], "not": {"anyOf": others}}
    return {**_table(keys.ESCROW_KEYS), "oneOf": [in_bucket, in_folder, {"maxProperties": 0}]}


def _tables(one: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "additionalProperties": one}


def _needs(*names: str) -> dict[str, object]:
    other = "body" if "source" in names else "source"
    return {"required": list(names), "not": {"required": [other]}}


def _rows(listed: Iterable[Key[object]]) -> str:
    head = "| key | what it says | example | without it |\n| --- | --- | --- | --- |\n"
    return head + "".join(
        f"| `{key.name}` | {key.meaning} | `{key.name} = {key.example}` | {key.default} |\n" for key in listed
    )
