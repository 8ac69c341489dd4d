"""What is deployed: the state machine's own sense, the functions' names and permissions, and what AWS's validators say."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from ruamel.yaml import YAML

from tests.aws.scene import HOME
from tests.fleet.estate import manifest, save
from tests.fleet.scene import FOLDER, state_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.aws.faults import Proxy
    from tests.fleet.scene import Fleet

pytest_plugins = ["tests.aws.fixtures", "tests.fleet.fixtures"]

TEMPLATE: Final = FOLDER / "template.yaml"
FUNCTIONS: Final = {"plan": "PlanFunction", "work": "WorkFunction", "conclude": "ConcludeFunction"}
TAKES: Final = {"TransactWriteItems": ("PutItem", "DeleteItem")}
"""What an operation is authorised as, where that is not its name: a transaction is what is in it."""


def machines(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A state machine, and those inside its Maps."""
    yield machine
    for state in machine["States"].values():
        if "ItemProcessor" in state:
            yield from machines(state["ItemProcessor"])


def ways(state: dict[str, Any]) -> set[str]:
    """The states that may come after one."""
    choices = [*state.get("Catch", ()), *state.get("Choices", ())]
    return {*(one["Next"] for one in choices), *filter(None, (state.get("Next"), state.get("Default")))}


def test_every_state_is_reached_and_no_way_leads_nowhere() -> None:
    for machine in machines(json.loads(state_machine())):
        reached, ahead = set[str](), {machine["StartAt"]}
        while ahead:
            reached |= ahead
            ahead = {way for name in ahead for way in ways(machine["States"][name])} - reached

        assert reached == set(machine["States"])


def test_what_the_template_fills_in_is_what_the_state_machine_leaves_open() -> None:
    open_names = set(re.findall(r"\$\{(\w+)\}", (FOLDER / "fleet.asl.json").read_text()))

    assert open_names == set(template()["Resources"]["Machine"]["Properties"]["DefinitionSubstitutions"])


def test_the_handlers_are_there() -> None:
    handlers = [template()["Resources"][name]["Properties"]["Handler"] for name in FUNCTIONS.values()]

    assert handlers == [f"certkit.fleet.{name}" for name in FUNCTIONS]
    for handler in handlers:
        module, _, name = handler.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.slow
def test_the_functions_may_do_what_they_ask_for(fleet: Fleet, wire: Proxy) -> None:
    asked: dict[str, set[str]] = defaultdict(set)

    def note(function: str) -> None:
        own = [sent for sent in wire.sent if "X-Amz-Security-Token" not in sent.headers]  # others are of the roles
        for sent in own:
            names = TAKES.get(sent.operation, (sent.operation,))
            asked[function] |= {f"{sent.scope[1]}:{name}" for name in names}
        wire.forget()

    save("shop")
    manifest("shop", waves={"blue": 2})
    fleet.killed[1] = 1
    wire.forget()
    fleet.after = note

    fleet.night("night-1")

    for function, operations in asked.items():
        assert operations - {"sts:GetCallerIdentity"} <= allowed(function), function


@pytest.mark.interop
def test_cfn_lint_finds_nothing_in_the_template_as_it_is_nor_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)
    translated = tmp_path / "translated.json"
    translated.write_text(json.dumps(translate()))

    assert lint(TEMPLATE) == ""
    assert lint(translated) == ""


@pytest.mark.interop
@pytest.mark.parametrize(
    ("good", "bad", "found"),
    [
        ('"Type": "Wait"', '"Type": "Wait"', None),
        ('"Type": "Wait"', '"Type": "Wiat"', "'Wiat' is not one of"),
        ('"Next": "Good"', '"Nxet": "Good"', "'Next' is a required property"),
        ('"StartAt": "Plan"', '"StartAt": "Plna"', "Missing 'Next' target 'Plna' at /StartAt"),
    ],
)
def test_cfn_lint_finds_nothing_in_the_state_machine_and_would(
    tmp_path: Path, good: str, bad: str, found: str | None
) -> None:
    """By itself: in what the translator makes of the template it is a text, which cfn-lint does not look into."""
    properties = {
        "RoleArn": "arn:aws:iam::111122223333:role/fleet",
        "Definition": json.loads(state_machine().replace(good, bad)),
    }
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    (tmp_path / "machine.json").write_text(json.dumps({"Resources": {"Machine": machine}}))

    said = lint(tmp_path / "machine.json")

    assert said == "" if found is None else f"E3601 {found}" in said


def template() -> Any:
    """The template, as YAML has it."""
    return YAML().load(TEMPLATE.read_text("utf-8"))


def allowed(function: str) -> set[str]:
    """The actions that a function's role has."""
    (policy,) = template()["Resources"][FUNCTIONS[function]]["Properties"]["Policies"]
    actions: set[str] = set()
    for entry in policy["Statement"]:
        statement = entry if isinstance(entry, dict) else entry[1]
        actions |= {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])
    return actions


def translate() -> dict[str, Any]:
    """The template as CloudFormation gets it, with the state machine in it."""
    from samtranslator.parser.parser import Parser  # noqa: PLC0415 -- large, and in the interop group alone
    from samtranslator.translator.translator import Translator  # noqa: PLC0415
    from samtranslator.yaml_helper import yaml_parse  # noqa: PLC0415

    given = yaml_parse(TEMPLATE.read_text("utf-8"))
    properties = given["Resources"]["Machine"]["Properties"]
    del properties["DefinitionUri"]
    properties["Definition"] = json.loads(state_machine())
    given["Resources"]["Program"]["Properties"]["ContentUri"] = "s3://bucket/program"  # as `sam package` leaves them
    given["Globals"]["Function"]["CodeUri"] = "s3://bucket/function"
    translated: dict[str, Any] = Translator({}, Parser()).translate(given, {})
    return translated


def lint(path: Path) -> str:
    """What cfn-lint says."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout
