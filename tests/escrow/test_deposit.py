"""The names that bundles go by in escrow."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.escrow.deposit import Site, deposit_of, named
from tests.escrow.scene import NOW, SITE, bundle, deposit, issued


def test_a_name_says_when_until_when_and_which() -> None:
    kept = deposit(0, 0)

    assert kept.path.startswith("111122223333/us-east-1/shop/20261122T120000.000000Z_20491231T235959.000000Z_")
    assert kept.path.endswith(f"_{issued(0).sha256}_{kept.chain_sha256}.pem")


@pytest.mark.parametrize("chain", [True, False])
def test_a_name_is_read_back_as_it_was(chain: bool) -> None:
    whole = bundle(0) if chain else bundle(0)._replace(chain=())
    kept = deposit_of(SITE, whole, NOW, "p7m")

    found = named(SITE, kept.file)

    assert found == kept
    assert found.holds(whole)
    assert not found.holds(bundle(1))
    assert not found.holds(whole._replace(chain=whole.chain * 2 or (whole.leaf,)))


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.replace("2026", "2O26"),
        lambda name: name.replace("20261122", "20261322"),
        lambda name: name[:-1] + "/",
        lambda name: f".certkit-{name}",
        lambda _: "README",
        lambda _: "",
    ],
)
def test_what_others_keep_there_is_passed_over(change: object) -> None:
    assert callable(change)

    assert named(SITE, change(deposit(0, 0).file)) is None


@given(st.text(min_size=1, max_size=256))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    folder = Site(name.encode("utf-8", "replace").decode(), "111122223333", "us-east-1").folder

    *_, last = PurePosixPath(folder).parts
    assert PurePosixPath(folder).parts == ("111122223333", "us-east-1", last)
    assert last not in {".", ".."}
    assert len(last) <= 160
    assert "\\" not in last


def test_two_long_names_with_one_beginning_have_two_folders() -> None:
    first, second = (Site("é" * 100 + end, "111122223333", "us-east-1").folder for end in "ab")

    assert first != second
