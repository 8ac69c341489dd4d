"""Secrets as kubectl, Helm and people write them."""

import base64
import codecs
import json
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import formats, limits
from certkit.contents import Contents
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError, PasswordMissingError
from certkit.password import Password, Passwords
from tests.issuing import Request, make_chain

SHOP: Final = make_chain()
OTHER: Final = make_chain(leaf=Request(common_name="other.example.com", key=("EC_prime256v1", 1)))
CHAIN: Final = SHOP.pem + SHOP.chain_pem


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def indented(text: bytes, width: int = 4) -> str:
    return "".join(f"{' ' * width}{line}\n" for line in text.decode().splitlines())


KUBECTL: Final = f"""\
apiVersion: v1
data:
  ca.crt: {b64(SHOP.issuers[-1].pem)}
  tls.crt: {b64(CHAIN)}
  tls.key: {b64(SHOP.key_pem)}
kind: Secret
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {{"apiVersion":"v1","data":{{"tls.crt":"b2xk","tls.key":"b2xk"}},"kind":"Secret"}}
  managedFields:
  - fieldsV1:
      f:data:
        f:tls.crt: {{}}
  name: shop
type: kubernetes.io/tls
"""
STRING_DATA: Final = f"""\
kind: Secret
stringData:
  tls.key: |
{indented(SHOP.key_pem)}
  tls.crt: |-
{indented(CHAIN)}
"""
FOLDED: Final = f"""\
kind: "Secret"
data:
  "tls.crt": >-
{indented(base64.encodebytes(CHAIN))}
  'tls.key':
{indented(base64.encodebytes(SHOP.key_pem))}
type: kubernetes.io/tls
"""
QUOTED: Final = f"""\
data:
    tls.crt: "{b64(CHAIN)}"   # the chain
    tls.key: !!binary |
{indented(base64.encodebytes(SHOP.key_pem), 6)}
"""
ESCAPED: Final = f"""\
stringData:
  tls.crt: {json.dumps(CHAIN.decode())}
  tls.key: {json.dumps(SHOP.key_pem.decode())}
kind: Secret
"""
IN_A_LIST: Final = """\
apiVersion: v1
items:
- apiVersion: v1
""" + indented(KUBECTL.encode(), 2)
SECRET: Final = {"kind": "Secret", "data": {"tls.crt": b64(CHAIN), "tls.key": b64(SHOP.key_pem), "ca.crt": ""}}
OTHER_SECRET: Final = {"kind": "Secret", "data": {"tls.crt": b64(OTHER.pem), "tls.key": b64(OTHER.key_pem)}}
OPAQUE: Final = {"kind": "Secret", "data": {"user": "cm9vdA=="}}


def as_pair(contents: Contents) -> tuple[str, list[bytes], list[object]]:
    return (
        contents.format,
        [entry.der for entry in contents.certificates],
        [entry.private_key.public_key() for entry in contents.keys],
    )


PAIR: Final = ("kubernetes", [SHOP.der, SHOP.issuers[0].der], [SHOP.private_key.public_key()])


@pytest.mark.parametrize(
    "text",
    [
        KUBECTL,
        STRING_DATA,
        FOLDED,
        QUOTED,
        ESCAPED,
        IN_A_LIST,
        KUBECTL.replace("\n", "\r\n"),
        json.dumps(SECRET),
        json.dumps(SECRET, indent=4),
        json.dumps({"kind": "List", "items": [OPAQUE, SECRET]}),
        json.dumps([SECRET]),
        json.dumps(SECRET["data"]),
        json.dumps({"stringData": {"tls.crt": CHAIN.decode(), "tls.key": SHOP.key_pem.decode()}}),
    ],
    ids=[
        "kubectl",
        "stringData",
        "folded",
        "quoted",
        "escaped",
        "list",
        "crlf",
        "json",
        "json-pretty",
        "json-list",
        "json-array",
        "json-map",
        "json-stringData",
    ],
)
def test_a_secret_is_read_as_it_is_written(text: str) -> None:
    assert as_pair(formats.read(text.encode(), Passwords())) == PAIR


@pytest.mark.parametrize("text", [KUBECTL, json.dumps(SECRET)], ids=["yaml", "json"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_powershell_redirects_is_read(text: str, encoding: str) -> None:
    data = text.encode(encoding)

    assert data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    assert as_pair(formats.read(data, Passwords())) == PAIR


@pytest.mark.parametrize(
    "text",
    [
        KUBECTL + "---\n" + f"data:\n  tls.crt: {b64(OTHER.pem)}\n  tls.key: {b64(OTHER.key_pem)}\n",
        json.dumps({"kind": "List", "items": [SECRET, OTHER_SECRET]}),
    ],
    ids=["yaml", "json"],
)
def test_several_secrets_are_all_read(text: str) -> None:
    contents = formats.read(text.encode(), Passwords())

    assert (len(contents.certificates), len(contents.keys)) == (3, 2)


def test_the_ca_is_left_out_with_a_note() -> None:
    contents = formats.read(KUBECTL.encode(), Passwords())

    assert [note.partition(",")[0] for note in contents.notes] == ["passed-over: ca.crt"]


def test_an_empty_field_is_noted() -> None:
    text = f'kind: Secret\ndata:\n  tls.crt: {b64(CHAIN)}\n  tls.key: ""\n'

    contents = formats.read(text.encode(), Passwords())

    assert (contents.keys, contents.notes) == ((), ("passed-over: tls.key, which is empty",))


def test_a_locked_key_is_named_by_its_field() -> None:
    locked = {"data": {"tls.crt": b64(CHAIN), "tls.key": b64(SHOP.encrypted_key_pem(b"changeit"))}}

    with pytest.raises(PasswordMissingError, match=r"^tls\.key: "):
        formats.read(json.dumps(locked).encode(), Passwords())
    assert formats.read(json.dumps(locked).encode(), Passwords(Password(b"changeit"))).keys


def test_pem_beside_a_word_like_a_field_stays_pem() -> None:
    contents = formats.read(b"tls.crt: see below\n" + CHAIN + SHOP.key_pem, Passwords())

    assert contents.format == "pem"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"data": {"tls.crt": "b2xk"', "malformed JSON"),
        ('{"tls.crt": "' + "[" * 10 + '"}', "tls.crt: it is neither PEM nor base64"),
        ('{"a": ' + "[" * 100_000 + ', "tls.crt": "', "malformed JSON"),
        ('{"deep": {"tls.crt": "b2xk"}}', "neither a certificate nor a private key"),
        ("data:\n  tls.crt: ENC[AES256_GCM,data:Zm9v]\n", "tls.crt: it is neither PEM nor base64"),
        ("Data\n====\ntls.crt:  1164 bytes\n", "tls.crt: it is neither PEM nor base64"),
        ("kind: SealedSecret\nspec:\n  encryptedData:\n    tls.crt: AgBx\n", "tls.crt: it is in no format"),
        ("kind: Secret\ndata:\n  tls.crt:\n", "neither a certificate nor a private key"),
    ],
    ids=range(8),
)
def test_damage_is_named(text: str, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        formats.read(text.encode(), Passwords())


@pytest.mark.parametrize(
    "text",
    [
        "tls.crt:\n" * (limits.MAX_CERTIFICATES + 1),
        json.dumps([{"tls.crt": ""}] * (limits.MAX_CERTIFICATES + 1)),
        json.dumps([OTHER_SECRET] * (limits.MAX_KEYS + 1)),
    ],
    ids=["yaml", "json", "keys"],
)
def test_what_costs_too_much_is_refused(text: str) -> None:
    with pytest.raises(InputTooLargeError):
        formats.read(text.encode(), Passwords())


def test_lists_in_lists_end() -> None:
    nested: object = SECRET
    for _ in range(50):
        nested = {"items": [nested]}

    with pytest.raises(InputUnreadableError):
        formats.read(json.dumps(nested).encode(), Passwords())


@pytest.mark.parametrize("text", [KUBECTL, STRING_DATA, json.dumps(SECRET)], ids=["yaml", "literal", "json"])
@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_mutation_gives_contents_or_an_error(text: str, data: st.DataObject) -> None:
    mutated = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))

    try:
        contents = formats.read(bytes(mutated), Passwords())
    except CertkitError:
        return

    assert isinstance(contents, Contents)
