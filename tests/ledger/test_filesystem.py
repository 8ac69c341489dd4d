"""Which file system a folder stands on."""

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import pytest

from certkit.ledger.filesystem import is_share, kind_in, remote_kind

MOUNTS: Final = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /home rw shared:2 - nfs4 files:/home rw
31 22 0:26 / /home/anna/local\\040disk rw - xfs /dev/sdb1 rw
32 22 0:27 / /over rw - nfs files:/over rw
33 22 0:28 / /over rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/homes", "ext4"),
        ("/home", "nfs4"),
        ("/home/anna/.local/state", "nfs4"),
        ("/home/anna/local disk/state", "xfs"),
        ("/over/there", "tmpfs"),
    ],
)
def test_the_nearest_mount_tells_and_of_two_in_one_place_the_later(folder: str, kind: str) -> None:
    assert kind_in(MOUNTS, Path(folder)) == kind


def test_where_nobody_says_it_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certkit.ledger.filesystem._MOUNTS", tmp_path / "nothing")

    assert remote_kind(tmp_path) is None


def test_windows_has_a_share_where_the_path_begins_with_a_host() -> None:
    assert is_share(PureWindowsPath(r"\\files\certkit\state"))
    assert not is_share(PureWindowsPath(r"C:\Users\shop\AppData\Local\certkit"))
    assert not is_share(PurePosixPath("//files/certkit/state"))
