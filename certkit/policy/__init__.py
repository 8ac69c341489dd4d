"""The least that certkit's callers must be allowed, as IAM policies. No I/O.

Actions, resources and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
"""

from certkit.policy.documents import document, of_escrow, statements
from certkit.policy.probing import Probe, probes
from certkit.policy.scope import Channels, Role, Scope, Table

__all__ = ["Channels", "Probe", "Role", "Scope", "Table", "document", "of_escrow", "probes", "statements"]
