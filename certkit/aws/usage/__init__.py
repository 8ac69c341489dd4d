"""Who uses certificates: each service that takes some from ACM is asked by its own API."""

from certkit.aws.usage.finding import Held, find

__all__ = ["Held", "find"]
