"""The software bill of materials, in the form of CycloneDX 1.6: what stands in a lock file, and what asks for what.

`python -m release.sbom LOCK` prints it. The same lock and version give the same bytes.
https://cyclonedx.org/docs/1.6/json/.
"""

import hashlib
import json
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from certkit import __version__
from release.lock import Locked, read

_OURSELVES: Final = "certkit"
_MARKER: Final = "cdx:python:package:required-where"


def sbom(lock: str, version: str) -> dict[str, Any]:
    """Returns the bill of materials of certkit `version` with the packages of `lock`, the text of a lock file."""
    packages = tuple(read(lock))
    digest = hashlib.sha256(f"{version}\n{lock}".encode()).hexdigest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32], version=4)}",
        "version": 1,
        "metadata": {"component": _ourselves(version)},
        "components": [_component(package) for package in packages],
        "dependencies": _dependencies(packages, version),
    }


def _ourselves(version: str) -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": _purl(_OURSELVES, version),
        "name": _OURSELVES,
        "version": version,
        "purl": _purl(_OURSELVES, version),
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }


def _component(package: Locked) -> dict[str, Any]:
    purl = _purl(package.name, package.version)
    files = [{"alg": "SHA-256", "content": sha256} for sha256 in package.sha256]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "externalReferences": [{"type": "distribution", "url": purl, "hashes": files}],
        **({"properties": [{"name": _MARKER, "value": package.marker}]} if package.marker else {}),
    }


def _dependencies(packages: Sequence[Locked], version: str) -> list[dict[str, Any]]:
    refs = {_OURSELVES: _purl(_OURSELVES, version), **{one.name: _purl(one.name, one.version) for one in packages}}
    return [
        {"ref": ref, "dependsOn": sorted(refs[one.name] for one in packages if name in one.parents)}
        for name, ref in refs.items()
    ]


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def main() -> None:
    """Prints the bill of materials of the lock file that is named as the argument."""
    lock = Path(sys.argv[1]).read_text("utf-8")
    print(json.dumps(sbom(lock, __version__), indent=2))


if __name__ == "__main__":
    main()
