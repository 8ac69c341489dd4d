"""What clients ask: browsers and the CA/Browser Forum of public certificates, all of a chain that is to last.

ACM asks for none of it, so all of it is a warning. Private certificates are under their owner's rules: see `Profile`.
"""

from typing import Final

from certkit.rules.clients import naming, path, usages, validity

RULES: Final = (*validity.RULES, *usages.RULES, *naming.RULES, *path.RULES)
"""What a browser refuses first."""
