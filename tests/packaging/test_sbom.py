"""Tests of the bill of materials; `make sbom` holds it to CycloneDX's own schema, too."""

from pathlib import Path
from typing import Final

from release.lock import read
from release.sbom import sbom

LOCK: Final = (Path(__file__).parents[2] / "requirements" / "runtime.txt").read_text("utf-8")
SMALL: Final = (
    f"boto3==1.44.5 \\\n    --hash=sha256:{'a' * 64}\n    # via certkit (pyproject.toml)\n"
    f"colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:{'b' * 64}\n    # via boto3\n"
)


def test_a_bill_says_what_asks_for_what_and_by_which_bytes() -> None:
    bill = sbom(SMALL, "1.2.3")

    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/certkit@1.2.3"
    assert bill["dependencies"] == [
        {"ref": "pkg:pypi/certkit@1.2.3", "dependsOn": ["pkg:pypi/boto3@1.44.5"]},
        {"ref": "pkg:pypi/boto3@1.44.5", "dependsOn": ["pkg:pypi/colorama@0.4.6"]},
        {"ref": "pkg:pypi/colorama@0.4.6", "dependsOn": []},
    ]
    assert bill["components"][1] == {
        "type": "library",
        "bom-ref": "pkg:pypi/colorama@0.4.6",
        "name": "colorama",
        "version": "0.4.6",
        "purl": "pkg:pypi/colorama@0.4.6",
        "externalReferences": [
            {
                "type": "distribution",
                "url": "pkg:pypi/colorama@0.4.6",
                "hashes": [{"alg": "SHA-256", "content": "b" * 64}],
            }
        ],
        "properties": [{"name": "cdx:python:package:required-where", "value": "sys_platform == 'win32'"}],
    }


def test_everything_that_is_locked_is_reached_from_certkit() -> None:
    bill = sbom(LOCK, "1.2.3")

    edges = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    reached, ahead = set(), ["pkg:pypi/certkit@1.2.3"]
    while ahead:
        ref = ahead.pop()
        ahead += [one for one in edges[ref] if one not in reached]
        reached.add(ref)
    assert len(reached) == len(list(read(LOCK))) + 1


def test_a_bill_is_told_from_another_by_lock_and_version() -> None:
    serials = [sbom(*of)["serialNumber"] for of in ((SMALL, "1"), (SMALL, "1"), (SMALL, "2"), (LOCK, "1"))]

    assert serials[0] == serials[1]
    assert len(set(serials)) == 3
