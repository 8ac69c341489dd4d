"""What is shown of endpoints that were looked at after an import."""

from collections.abc import Sequence

from certkit import proof
from certkit.proof import Proof
from certkit.report import one_line
from certkit.report import verify as views
from certkit.verify import State


def item(seen: Proof) -> dict[str, object]:
    """Returns one endpoint as it stands in the documents of `import`, `apply` and `renew`."""
    return {
        "endpoint": str(seen.front.target),
        "connect_to": str(seen.front.door) if seen.front.door else None,
        "state": seen.state.value,
        "addresses": [views.item(view) for view in seen.sight.views],
    }


def items(proofs: Sequence[Proof]) -> list[dict[str, object]] | None:
    """Returns all endpoints of one certificate, None where none was looked at."""
    return [item(one) for one in proofs] or None


def counts(proofs: Sequence[Proof]) -> str:
    """Returns how many endpoints serve what they are to, and how many do not; nothing where none was looked at."""
    served = sum(one.is_served for one in proofs)
    parts = ((served, "served"), (len(proofs) - served, "not served"))
    return ", ".join(f"{count} {word}" for count, word in parts if count)


def text(seen: Proof) -> str:
    """Returns what a person reads: a line; below it why, for each address that does not serve it, and what cannot be seen."""
    head = f"{seen.subject.title}: {seen.front.text}: {proof.summary(seen)}"
    missing = [view for view in seen.sight.views if view.state is not State.SERVED]
    return "\n".join(map(one_line, [head, *views.rows(missing), *(f"  {line}" for line in views.caveats(seen.sight))]))
