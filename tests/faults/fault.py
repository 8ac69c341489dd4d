"""What can go wrong at one boundary of a run."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What happens at one boundary: between certkit and AWS, or between certkit and its ledger."""

    RESET = "reset before"
    """The connection is reset, and the service never hears of it."""
    LOST = "answer lost"
    """The connection is reset after it was done."""
    HANG = "hang"
    """It was done, and no answer comes within the client's patience."""
    LATE = "late"
    """No answer comes within the client's patience, and three quarters of a minute later it is done."""
    ERROR_BEFORE = "500 before"
    ERROR_AFTER = "500 after"
    THROTTLE = "throttle"
    OUTAGE = "outage"
    """From here on nothing is answered and nothing is done."""
    DEAF = "answers stop"
    """From here on everything is done and nothing is answered."""
    KILL = "kill before"
    KILL_AFTER = "kill after"
    KILL_LATE = "kill, late"
    """The process dies, and three quarters of a minute later what it asked for is done."""
    OTHER = "other host"
    """Another host does the same, from its beginning to its end, before this is sent."""
    OTHER_AFTER = "other after"
    """The same, once this was done."""
    LEDGER = "ledger fails"


ON_THE_WIRE = tuple(fault for fault in Fault if fault is not Fault.LEDGER)
ON_THE_LEDGER = (Fault.KILL, Fault.KILL_AFTER, Fault.LEDGER, Fault.OTHER, Fault.OTHER_AFTER)


class Killed(BaseException):
    """The process is dead: nothing of it runs any more, no handler and no tidying up."""
