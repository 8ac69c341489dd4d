"""What AWS and the CA/Browser Forum say of an import, statement by statement, each with its rule or why it has none.

The last part of `docs/rules.md` is made from this.
"""

from typing import Final

from certkit.rules.coverage import elsewhere, public, reimport, sending, services
from certkit.rules.coverage.statement import Statement, Topic

__all__ = ["TOPICS", "Statement", "Topic"]

TOPICS: Final = (
    *sending.TOPICS,
    reimport.REIMPORT,
    services.SERVICES_ASK,
    public.PUBLIC,
    elsewhere.CALL,
    elsewhere.CONTRADICTIONS,
)
"""In the order of an import: what is sent, what it replaces, who serves it, who trusts it, and what is not in the bundle."""
