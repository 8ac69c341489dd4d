"""What mkdocs is told beside `mkdocs.yml`: pages that stand outside `docs/`, and links that lead there."""

import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
OUTSIDE: Final = {
    "SECURITY.md": "security-policy.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
}
"""The pages of the tree's top that the site has too, and what they are called in it."""

_LINK: Final = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_CODE: Final = re.compile(r"`[^`\n]+`")
_FENCE: Final = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages of the top, and the schemas."""
    for name, uri in OUTSIDE.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    for schema in sorted((ROOT / "certkit" / "schemas").glob("*.json")):
        files.append(File.generated(config, f"schemas/{schema.name}", abs_src_path=str(schema)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leads links between `docs/` and the rest of the tree to their pages; one to code becomes its text."""
    del config
    base = ROOT if page.file.src_uri in OUTSIDE.values() else ROOT / "docs"
    known = {file.src_uri for file in files}

    def lead(found: re.Match[str]) -> str:
        text, target = found.groups()
        return text if (there := resolve(base, target, known)) is None else f"[{text}]({there})"

    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _CODE.sub(_unescaped, _LINK.sub(lead, part)) for part in parts)


def _unescaped(code: re.Match[str]) -> str:
    """A pipe in the code of a table, which GitHub wants escaped and Python-Markdown shows as it is escaped."""
    return code[0].replace("\\|", "|")


def resolve(base: Path, target: str, known: set[str]) -> str | None:
    """Returns where a link leads in the site; None where the tree has what the site has not.

    A link that leads nowhere is left as it is, for mkdocs to complain about.
    """
    path, hash_mark, anchor = target.partition("#")
    if not path or "://" in path:
        return target
    place = (base / path).resolve()
    if not place.exists() or not place.is_relative_to(ROOT):
        return target
    name = place.relative_to(ROOT).as_posix()
    uri = OUTSIDE.get(name) or name.removeprefix("docs/").removeprefix("certkit/")
    return uri + hash_mark + anchor if uri in known else None
