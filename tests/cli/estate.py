"""A folder with a manifest and its bundles, for tests that run `plan`, `apply` and `adopt` in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.aws.scene import ACCOUNT, OTHER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.issuing import Issued

ACCOUNTS: Final = f"""
[accounts.own]
id = "{ACCOUNT}"
[accounts.other]
id = "{OTHER}"
role = "arn:aws:iam::{OTHER}:role/certkit"
external_id = "k3x0"
"""
"""The two accounts of the tests: the caller's own, and one with a role."""


@dataclass(frozen=True, slots=True)
class Estate:
    """A folder that certkit works in."""

    folder: Path

    def save(self, name: str, issued: Issued) -> None:
        """Writes a bundle: key, leaf and chain."""
        (self.folder / f"{name}.pem").write_bytes(issued.key_pem + issued.pem + issued.chain_pem)

    def write(self, text: str) -> Path:
        """Writes the manifest."""
        path = self.folder / "certkit.toml"
        path.write_text(text, "utf-8")
        return path

    def shop(self, issued: Issued, *settings: str) -> None:
        """Writes a bundle and the manifest that names it alone, with these settings."""
        self.save("shop", issued)
        self.write("\n".join(['[certificates.shop]\nsource = "shop.pem"', *settings, ACCOUNTS]))
