"""Tests of what a terminal is shown of other people's text."""

import json
import re
from pathlib import Path

import pytest

from certkit.report import one_line, plain
from tests.cli.bundles import HOSTILE_NAME, hostile, pem, pfx, save, shop
from tests.cli.running import certkit
from tests.issuing import Request, self_signed

ESCAPED = "evil\\x1b[31mred\\x0d\\x0a\\u202eesrever\\u200b\\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ASCII ~", "plain ASCII ~"),
        ("Zürich 東京 ✓ 🙂", "Zürich 東京 ✓ 🙂"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\rc\x00", "a\\x09b\\x0dc\\x00"),
        ("\x7f\x80\x9b\xa0\xad", "\\x7f\\x80\\x9b\\xa0\\xad"),
        (
            "\u061c\u200b\u200e\u202e\u2028\u2066\ufeff\ufff9",
            "\\u061c\\u200b\\u200e\\u202e\\u2028\\u2066\\ufeff\\ufff9",
        ),
        ("\u3164\u115f\u034f\u180e\u2800", "\\u3164\\u115f\\u034f\\u180e\u2800"),
        ("\U000e0041\ue000\udcff", "\\U000e0041\\ue000\\udcff"),
        ("two\nlines", "two\\x0alines"),
        ("", ""),
    ],
)
def test_what_is_no_visible_character_is_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_the_lines_of_a_text_stay_lines() -> None:
    assert plain("a\x1b\nb\r\n\n") == "a\\x1b\nb\\x0d\n\n"


def _is_clean(text: str) -> bool:
    return re.search(r"[^\S\n ]|[^\x20-\x7e\n…✓]", text) is None


@pytest.mark.parametrize(
    "given",
    [("inspect",), ("validate",), ("validate", "--strict"), ("split", "--out", "OUT")],
    ids=lambda given: given[0],
)
@pytest.mark.parametrize("kind", ["pem", "pfx"])
def test_names_in_a_certificate_are_shown_escaped(given: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    issued, stranger = hostile(), self_signed(Request("b", key=("EC_prime256v1", 3)))
    alias = HOSTILE_NAME.encode()
    content = pem(issued) + stranger.pem if kind == "pem" else pfx(issued, "p", alias)
    source = save(tmp_path, "bundle", content)
    arguments = [word.replace("OUT", str(tmp_path / "out")) for word in given]

    done = certkit(*arguments, source, "--passin", "env:P", "--verbose", environment={"P": "p"})

    assert done.exit_code in {0, 1}
    assert _is_clean(done.stdout + done.stderr)
    assert given[0] == "validate" or ESCAPED in done.stdout


@pytest.mark.parametrize("given", [("inspect",), ("validate",), ("split", "--out", "OUT")], ids=lambda given: given[0])
def test_a_document_is_ascii_and_holds_the_names_as_they_are(given: tuple[str, ...], tmp_path: Path) -> None:
    source = save(tmp_path, f"dir/{HOSTILE_NAME}", pem(hostile()))
    arguments = [word.replace("OUT", str(tmp_path / "out")) for word in given]

    done = certkit(*arguments, source, "--format", "json")

    (entry,) = done.document.get("bundles") or done.document["results"]
    assert entry["source"] == str(source)
    assert given[0] != "inspect" or entry["leaf"]["subject"].count("\u202e") == 2
    assert all(character.isprintable() or character == "\n" for character in done.stdout)


def test_names_in_failures_are_shown_escaped(tmp_path: Path) -> None:
    other = self_signed(Request("b", key=("EC_prime256v1", 3)))
    both = save(tmp_path, "both", pem(hostile()) + pem(other))
    locked = save(tmp_path, "locked", pfx(hostile(), "p", HOSTILE_NAME.encode()))

    runs = [
        certkit("split", both, "--out", tmp_path / "out"),
        certkit("split", tmp_path / HOSTILE_NAME),
        certkit("inspect", f"env:{HOSTILE_NAME}"),
        certkit("inspect", both, "--alias", HOSTILE_NAME),
        certkit("inspect", locked, "--alias", "x", "--passin", "env:P", environment={"P": "p"}),
        certkit("inspect", locked, "--passin", f"file:{HOSTILE_NAME}"),
        certkit("inspect", locked, "--name-match", HOSTILE_NAME, "--passin", "env:P", environment={"P": "p"}),
        certkit("split", both, "--out", f"/dev/null/{HOSTILE_NAME}", "--name-match", "b"),
        certkit("validate", both),
        certkit(HOSTILE_NAME),
        certkit("split", f"--{HOSTILE_NAME}"),
        certkit("split", tmp_path / HOSTILE_NAME, "--debug"),
    ]

    assert [(done.exit_code in {1, 2, 3}, _is_clean(done.stdout + done.stderr)) for done in runs] == [
        (True, True)
    ] * len(runs)


def test_a_hostile_file_name_is_shown_escaped(tmp_path: Path) -> None:
    name = f"{HOSTILE_NAME}.pem"
    sources = [save(tmp_path, name, pem(shop())), save(tmp_path, "b.pem", b"junk")]

    runs = [
        certkit("split", *sources, "--out", tmp_path / "out"),
        certkit("inspect", *sources),
        certkit("validate", *sources, "--verbose"),
    ]

    assert [(done.exit_code, _is_clean(done.stdout + done.stderr)) for done in runs] == [(3, True)] * 3
    assert f"  key    {tmp_path}/out/{ESCAPED}/cert_key.pem " in runs[0].stdout


def test_a_failure_in_a_document_keeps_the_name_as_it_is() -> None:
    done = certkit("split", HOSTILE_NAME, "--format", "json")

    assert json.loads(done.stdout)["error"]["message"] == f"{HOSTILE_NAME}: no such file or directory"
