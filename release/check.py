"""Holds bills of materials to CycloneDX's own schema: `python -m release.check FILE...`."""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> int:
    """Says of each file whether it keeps the schema; returns the exit code."""
    faults = {name: _fault(Path(name)) for name in sys.argv[1:]}
    for name, fault in faults.items():
        print(f"{name}: {fault or 'valid'}")
    return 1 if any(faults.values()) or not faults else 0


def _fault(file: Path) -> str:
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read_text("utf-8"))
    return str(fault or "")


if __name__ == "__main__":
    sys.exit(main())
