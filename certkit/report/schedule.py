"""What `certkit schedule` shows."""

from collections.abc import Mapping


def document(kind: str, files: Mapping[str, str]) -> dict[str, object]:
    """Returns the document `certkit.schedule/1`."""
    listed = [{"name": name, "content": content} for name, content in files.items()]
    return {"schema": "certkit.schedule/1", "kind": kind, "files": listed}


def text(files: Mapping[str, str]) -> str:
    """Returns the one file as it is; several under lines with their names, which are comments in each of them."""
    if len(files) == 1:
        return next(iter(files.values())).rstrip("\n")
    return "\n".join(f"# {name}\n{content}" for name, content in files.items()).rstrip("\n")
