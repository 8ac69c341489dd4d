"""No function leaves an image of itself when it crashes; `tests/security/test_others.py` has the program."""

from __future__ import annotations

import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from certkit import fleet
from certkit.aws import lambda_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")


@pytest.fixture
def limit() -> Iterator[Callable[[], tuple[int, int]]]:
    """The limit of such images, soft and hard; at first there is none but the hard one."""
    import resource  # noqa: PLC0415 -- Windows has none

    before = resource.getrlimit(resource.RLIMIT_CORE)
    if before[1] == 0:
        pytest.skip("nobody may write any here")
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield partial(resource.getrlimit, resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.parametrize("function", [lambda_handler, fleet.plan, fleet.work, fleet.conclude])
def test_a_crash_of_a_function_leaves_no_image(
    limit: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch, function: Callable[[object, object], object]
) -> None:
    for name in ("CERTKIT_MANIFEST", "CERTKIT_LEDGER", "CERTKIT_FLEET"):
        monkeypatch.delenv(name, raising=False)
    most = limit()[1]

    with contextlib.suppress(Exception):
        function({"run": "night-1", "item": 1, "wave": 1}, None)

    assert limit() == (0, most)
