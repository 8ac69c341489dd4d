"""Tests of what a shell offers on Tab, through the shells themselves."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from certkit.cli.app import main
from tests.cli.running import variables

MANIFEST: Final = """
[accounts.prod]
id = "111122223333"
[certificates.shop]
source = "shop.pfx"
[certificates.showroom]
source = "showroom.pfx"
"""
CASES: Final = {
    "im": ["import"],
    "import --re": ["--reason", "--region"],
    "rules weak-k": ["weak-key"],
    "validate --ignore weak-key,root-i": ["weak-key,root-in-public-chain"],
    "import shop.pfx --for cloudfront-": ["cloudfront-origin-mtls"],
    "import shop.pfx --region eu-north": ["eu-north-1"],
    "status --region al": ["all"],
    "import shop.pfx --region al": [],
    "validate --profile p": ["public", "private"],
    "apply --only sho": ["shop", "showroom"],
    "prune --config other.toml --only b": ["blog"],
    "apply other.toml --only b": ["blog"],
    "apply broken.toml --only b": [],
    "apply --account p": ["prod"],
}
"""What is offered for the last word, by what was typed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a manifest, another one, one that is none, and `certkit` as a program in `bin`."""
    (tmp_path / "certkit.toml").write_text(MANIFEST)
    (tmp_path / "other.toml").write_text('[certificates.blog]\nsource = "blog.pem"\n')
    (tmp_path / "broken.toml").write_text("[certificates")
    (tmp_path / "bin").mkdir()
    certkit = tmp_path / "bin" / "certkit"
    certkit.write_text(f'#!/bin/sh\nexec {sys.executable} -m certkit "$@"\n')
    certkit.chmod(0o755)
    return tmp_path


def _shell(folder: Path, *command: str, **settings: str) -> str:
    places = settings | {
        "PATH": f"{folder / 'bin'}:{variables()['PATH']}",
        "HOME": str(folder),
        "PYTHONPATH": str(Path.cwd()),
    }
    done = subprocess.run(
        command, cwd=folder, env=variables(places), capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("typed", CASES)
def test_a_value_is_offered_by_what_was_typed_before_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    monkeypatch.chdir(folder)
    words = f"certkit {typed}"
    monkeypatch.setenv("_CERTKIT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))

    with pytest.raises(SystemExit, match="0"):
        main([])

    said = capsys.readouterr()
    assert (said.out.split(), said.err) == (CASES[typed], "")


def test_bash_offers_it_too(folder: Path) -> None:
    program = """
    . <(certkit --show-completion bash)
    complete -p certkit
    COMP_WORDS=(certkit rules weak-k) COMP_CWORD=2
    _certkit_completion certkit
    echo "${COMPREPLY[@]}"
    """

    said = _shell(folder, shutil.which("bash") or "bash", "--norc", "-c", program)

    assert said == "complete -o default -F _certkit_completion certkit\nweak-key\n"


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_that_is_installed_is_the_one_that_is_shown(folder: Path, shell: str) -> None:
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # else it is for whatever shell runs the tests
    shown = _shell(folder, "certkit", "--show-completion", shell, **named)

    _shell(folder, "certkit", "--install-completion", shell, **named)

    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "bin"]
    assert any(path.read_text().strip() == shown.strip() for path in files)


@pytest.mark.interop
@pytest.mark.parametrize("typed", [typed for typed, offered in CASES.items() if offered])  # else it offers files
def test_fish_offers_the_same(folder: Path, typed: str) -> None:
    program = f"certkit --show-completion fish | source; complete --do-complete 'certkit {typed}'"

    said = _shell(folder, "fish", "--no-config", "-c", program)

    assert sorted(line.split("\t")[0] for line in said.splitlines()) == sorted(CASES[typed])


ZSH: Final = r"""
zmodload zsh/zpty
zpty -b shell zsh -f -i
send() { zpty -w shell "$1" }
send 'PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; zstyle ":completion:*" list-grouped false'
send '. <(certkit --show-completion zsh)'
send 'bindkey "^I" complete-word; echo rea""dy'
until [[ $text == *ready* ]]; do zpty -r shell part; text+=$part; done
zpty -w -n shell "$1"$'\t\n'
text=
until [[ $text == *"$2"* ]]; do zpty -r -t shell part && text+=$part; done
print -r -- found
"""


@pytest.mark.interop
def test_zsh_completes_a_rule_on_tab(folder: Path) -> None:
    said = _shell(folder, "timeout", "60", "zsh", "-fc", ZSH, "zsh", "certkit rules weak-k", "weak-key (")

    assert said == "found\n"
