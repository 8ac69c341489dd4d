"""The schema for editors and the page of all keys, held to what the parser takes."""

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.errors import ConfigurationError
from certkit.manifest import keys, parse
from certkit.report.manifest import page, schema, schema_text
from tests.manifest.test_reading import CONTRACT, SHOP

DOCS: Final = Path(__file__).parents[2] / "docs"
VALIDATOR: Final = jsonschema.Draft202012Validator(schema())


def is_manifest(text: str) -> bool:
    """Whether the parser takes it."""
    try:
        parse(text, Path("certkit.toml"))
    except ConfigurationError:
        return False
    return True


def fits(text: str) -> bool:
    """Whether an editor with the schema would find nothing wrong; dates are texts to it."""
    return VALIDATOR.is_valid(json.loads(json.dumps(tomllib.loads(text), default=str)))


def test_the_files_are_what_the_code_says() -> None:
    shipped = resources.files("certkit").joinpath("schemas", "config.json").read_text("utf-8")

    jsonschema.Draft202012Validator.check_schema(schema())

    assert shipped == schema_text(), "make docs"
    assert (DOCS / "manifest-keys.md").read_text("utf-8") == page(), "make docs"


@pytest.mark.parametrize("key", keys.CERTIFICATE_KEYS, ids=lambda key: key.name)
def test_every_keys_own_example_is_taken_by_both(key: keys.Key[object]) -> None:
    needed = {"source": "", "body": 'key = "a.key"\n', "accounts": 'source = "a.pfx"\n'}.get(
        key.name, 'source = "a.pfx"\n'
    )
    accounts = '[accounts.prod]\nid = "111122223333"\n'

    text = f"{accounts}[certificates.shop]\n{needed}{key.name} = {key.example}\n"

    assert (is_manifest(text), fits(text)) == (True, True)


@pytest.mark.parametrize("key", [*keys.DEFAULT_KEYS, *keys.ACCOUNT_KEYS, *keys.WAIVER_KEYS], ids=lambda key: key.name)
def test_every_key_of_the_other_tables_too(key: keys.Key[object]) -> None:
    account = '[accounts.prod]\nid = "111122223333"\nrole = "arn:aws:iam::111122223333:role/certkit"\n'
    waiver = "[[waiver]]\n" + "".join(f"{each.name} = {each.example}\n" for each in keys.WAIVER_KEYS)
    own = f"external_id = {keys.EXTERNAL_ID.example}\n" if key in keys.ACCOUNT_KEYS else ""
    default = f"[defaults]\n{key.name} = {key.example}\n" if key in keys.DEFAULT_KEYS else ""

    text = account + own + default + waiver

    assert (is_manifest(text), fits(text)) == (True, True)


@pytest.mark.parametrize("key", keys.NOTIFY_KEYS, ids=lambda key: str(key.name))
def test_the_example_of_each_way_to_tell_is_taken_by_both(key: keys.Key[object]) -> None:
    table = "owners.web" if key in keys.ADDRESS_KEYS else "notify"
    text = f"[{table}]\n{key.name} = {key.example}\n"

    assert (is_manifest(text), fits(text)) == (True, True)


def test_the_contracts_own_example_is_taken_by_both() -> None:
    assert (is_manifest(CONTRACT), fits(CONTRACT)) == (True, True)


@pytest.mark.parametrize("key", keys.ESCROW_KEYS, ids=lambda key: key.name)
def test_every_key_of_the_escrow_too(key: keys.Key[object]) -> None:
    of_bucket = 'bucket = "escrow"\nkms_key = "k"\n'
    needed = 'folder = "f"\nrecipient = "r"\n' if key is keys.FOLDER else of_bucket
    others = "".join(f"{line}\n" for line in needed.splitlines() if not line.startswith(f"{key.name} "))

    text = f"[escrow]\n{others}{key.name} = {key.example}\n"

    assert (is_manifest(text), fits(text)) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "defaults = 1",
        "[defaults]\nsource = 'x'",
        "[certificates.shop]",
        SHOP + "body = 'b'\nkey = 'k'",
        "[certificates.shop]\nbody = 'b'",
        SHOP + "x = 1",
        SHOP + "regions = []",
        SHOP + "regions = ['all']",
        SHOP + "regions = ['eu-west-1', 'eu-west-1']",
        SHOP + "for = ['s3']",
        SHOP + "accounts = 'prod'",
        SHOP + "tags = { a = 1 }",
        SHOP + "owner = ''",
        SHOP + "owner = ' '",
        SHOP + "include_root = 'yes'",
        SHOP + "renew_command = 'certbot renew'",
        SHOP + "renew_command = []",
        SHOP + "renew_command = ['']",
        SHOP + "renew_when = 'soon'",
        SHOP + "verify = ['https://a']",
        SHOP + "passin = 'hunter2'",
        SHOP + "passin = 'stdin'",
        "[accounts.a]",
        "[accounts.a]\nid = '1'",
        "[accounts.a]\nid = '111122223333'\nrole = 'certkit'",
        "[accounts.a]\nid = '111122223333'\nrole = 'arn:aws:iam::111122223333:role/c'\nexternal_id = 'x y'",
        "[waiver]\nrule = 'key-mismatch'",
        "[owners.web]",
        "[owners.web]\nmail = 'a@example.com'",
        "[owners.web]\nwebhook = 'https://hooks.slack.com/services/x'",
        "[notify]\nsns = 'all'",
        "[notify]\nevents = 'a b'",
        "[notify]\nmetrics = 'yes'",
        "[[waiver]]\nrule = 'key-mismatch'\nmatch = '*'\nreason = 'r'",
        "[[waiver]]\nrule = 'key-mismatsch'\nmatch = '*'\nreason = 'r'\nuntil = 2027-01-31",
        "escrow = 1",
        "[escrow]\nbucket = 'b'\nkms_key = 'alias/certkit'",
        "[escrow]\nbucket = 'escrow'",
        "[escrow]\nbucket = 'escrow'\nkms_key = 'the key'",
        "[escrow]\nbucket = 'escrow'\nkms_key = 'k'\nprefix = '?'",
        "[escrow]\nbucket = 'escrow'\nkms_key = 'k'\nregion = 'Ireland'",
        "[escrow]\nbucket = 'escrow'\nkms_key = 'k'\nfolder = 'f'\nrecipient = 'r'",
        "[escrow]\nfolder = 'f'",
        "[escrow]\nfolder = 'f'\nrecipient = 'r'\nregion = 'eu-west-1'",
        "[escrow]\nrecipient = 'r'",
        "[escrow]\nfolder = 'f'\nrecipient = ''",
    ],
)
def test_what_the_parser_refuses_an_editor_shows(text: str) -> None:
    assert (is_manifest(text), fits(text)) == (False, False)


WORDS: Final = st.sampled_from(
    ["a.pfx", "eu-west-1", "alb", "33%", "a:443", "", " ", "env:A", "-", "é", "111122223333"]
)
VALUES: Final[st.SearchStrategy[Any]] = (
    WORDS | st.booleans() | st.integers(0, 3) | st.lists(WORDS, max_size=2) | st.dictionaries(WORDS, WORDS, max_size=1)
)


@given(st.dictionaries(st.sampled_from([key.name for key in keys.CERTIFICATE_KEYS]), VALUES, max_size=4))
def test_what_the_parser_takes_an_editor_takes(own: dict[str, Any]) -> None:
    text = "[certificates.shop]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in own.items())

    assert fits(text) or not is_manifest(text)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {json.dumps(each)}" for key, each in value.items()) + "}"
    return json.dumps(value)
