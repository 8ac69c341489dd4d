"""Tests of waivers in `certkit validate`."""

from pathlib import Path
from typing import Final

import pytest

from tests.cli.bundles import EXPIRED, pem, save, shop
from tests.cli.running import certkit

UNTIL: Final = "2027-01-31"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an expired bundle in it, in which the test runs."""
    save(tmp_path, "certs/old.pem", pem(shop(EXPIRED)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _waiver(match: str = "old", until: str = UNTIL, rule: str = "certificate-expired") -> str:
    return f'[[waiver]]\nrule = "{rule}"\nmatch = "{match}"\nreason = "museum"\nuntil = {until}\n'


def _configure(text: str, name: str = "certkit.toml") -> None:
    save(Path.cwd(), name, text.encode())


def test_what_is_waived_is_shown_and_does_not_count() -> None:
    _configure(_waiver())

    done = certkit("validate", "certs/old.pem")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "certs/old.pem: importable, 1 waived\n"
        "  waived: leaf: it expired on 2021-01-01 [certificate-expired]\n"
        "    until 2027-01-31: museum\n"
    )


def test_in_json_it_stands_apart_with_reason_and_day() -> None:
    _configure(_waiver())

    (result,) = certkit("validate", "certs/old.pem", "--format", "json").document["results"]

    assert (result["importable"], result["findings"]) == (True, [])
    (waived,) = result["waived"]
    assert (waived["rule"], waived["reason"], waived["until"]) == ("certificate-expired", "museum", UNTIL)


def test_after_its_last_day_the_finding_counts_again_and_says_why() -> None:
    _configure(_waiver(until="2026-11-21"))

    done = certkit("validate", "certs/old.pem")

    assert done.exit_code == 1
    assert "  error: leaf: it expired on 2021-01-01; its waiver ended on 2026-11-21 (museum) [" in done.stdout


@pytest.mark.parametrize(
    ("match", "is_waived"),
    [
        ("old", True),
        ("old.pem", True),
        ("certs/old.pem", True),
        ("certs/*", True),
        ("o?d", True),
        ("shelf", True),
        ("shop", False),
        ("./certs/old.pem", False),
    ],
)
@pytest.mark.parametrize("source", ["certs/old.pem", "./certs/../certs/old.pem", "file://certs/old.pem", "ABSOLUTE"])
def test_a_waiver_is_for_name_stem_file_or_path_however_the_source_is_written(
    match: str, is_waived: bool, source: str, folder: Path
) -> None:
    _configure(_waiver(match) + '[certificates.shelf]\nsource = "certs/old.pem"\n')

    done = certkit("validate", source.replace("ABSOLUTE", f"{folder}/certs/old.pem"))

    assert done.exit_code == (0 if is_waived else 1)


def test_paths_count_from_the_folder_of_the_configuration() -> None:
    _configure(_waiver("certs/old.pem"), "conf/certkit.toml")
    save(Path.cwd(), "conf/certs/old.pem", Path("certs/old.pem").read_bytes())

    outside = certkit("validate", "certs/old.pem", "--config", "conf/certkit.toml")
    inside = certkit("validate", "conf/certs/old.pem", "--config", "conf/certkit.toml")
    roundabout = certkit("validate", "conf/certs/old.pem", "--config", "conf/../conf/certkit.toml")

    assert (outside.exit_code, inside.exit_code, roundabout.exit_code) == (1, 0, 0)


def test_waivers_may_stand_in_pyproject() -> None:
    _configure(_waiver().replace("[[waiver]]", "[[tool.certkit.waiver]]"), "pyproject.toml")

    assert certkit("validate", "certs/old.pem").exit_code == 0


def test_what_comes_from_standard_input_or_the_environment_has_a_name_too() -> None:
    _configure(_waiver("stdin") + _waiver("BUNDLE"))
    content = Path("certs/old.pem").read_bytes()

    piped = certkit("validate", "-", stdin=content)
    variable = certkit("validate", "env:BUNDLE", environment={"BUNDLE": content.decode()})

    assert (piped.exit_code, variable.exit_code) == (0, 0)


def test_a_waiver_that_waives_nothing_here_is_a_note() -> None:
    save(Path.cwd(), "certs/good.pem", pem(shop()))
    _configure(_waiver("good") + _waiver("elsewhere") + _waiver("old"))

    done = certkit("validate", "certs/good.pem", "certs/old.pem")

    assert done.exit_code == 0
    assert done.stderr == "certkit: note: the waiver of certificate-expired for good waives nothing\n"


def test_a_waiver_used_for_one_of_several_bundles_is_no_note() -> None:
    save(Path.cwd(), "certs/good.pem", pem(shop()))
    _configure(_waiver("*"))

    done = certkit("validate", "certs/good.pem", "certs/old.pem")

    assert (done.exit_code, done.stderr) == (0, "")


def test_a_configuration_that_is_none_is_told_before_anything_is_read() -> None:
    _configure(_waiver(rule="certificate-expird"))

    done = certkit("validate", "certs/old.pem")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "certkit.toml:2" in done.stderr
    assert "did you mean certificate-expired?" in done.stderr


def test_a_configuration_that_is_named_must_be_there() -> None:
    done = certkit("validate", "certs/old.pem", "--config", "missing.toml", "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "configuration")
