"""The strict ACM: a local AWS Certificate Manager that refuses what the real one refuses.

For trying things out (`certkit sandbox`) and for tests (`certkit.testing.plugin`). Needs the extra `certkit[sandbox]`.
"""

from certkit.testing.behaviour import (
    DOCUMENTED_RATES,
    Behaviour,
    ChainEcho,
    KeyAlgorithmStyle,
    MissingChain,
)
from certkit.testing.clock import SettableClock
from certkit.testing.refusal import AwsRefusal
from certkit.testing.server import AlreadyServingError, StrictAcm, serve

__all__ = [
    "DOCUMENTED_RATES",
    "AlreadyServingError",
    "AwsRefusal",
    "Behaviour",
    "ChainEcho",
    "KeyAlgorithmStyle",
    "MissingChain",
    "SettableClock",
    "StrictAcm",
    "serve",
]
