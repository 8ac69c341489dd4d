"""What certkit mends in a bundle, as an error for those who want to hear of it rather than have it mended."""

import datetime as dt

from certkit.bundle import Bundle, Parts
from certkit.errors import RepairRefusedError
from certkit.rules import Candidate, repairs


def refuse_repairs(bundle: Bundle, now: dt.datetime) -> None:
    """Refuses a bundle that is not as its input has it: reordered, completed, or with something left out.

    Raises:
        RepairRefusedError: it is not; the message says what is first of what was mended.
    """
    candidate = Candidate(Parts(b"", b""), bundle.leaf, bundle.chain, None, now, bundle, needs_key=False)
    found = [finding for rule in repairs.RULES if rule.is_repair for finding in rule.findings(candidate)]
    if found:
        first = found[0]
        more = f" (and {len(found) - 1} more: certkit validate shows all)" if len(found) > 1 else ""
        raise RepairRefusedError(
            f"{first.part}: {first.message} [{first.rule}]{more}",
            hint="certkit would mend this: leave out --strict to let it, or mend the input",
        )
