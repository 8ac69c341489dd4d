"""Which addresses are reachable from everywhere, and which lead into somebody's own network."""

import ipaddress
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last four octets are an IPv4 address."""

_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is routed between networks (RFC 4291 section 2.4, IANA's registry of the address space)."""

_PLATFORM: Final = (ipaddress.IPv4Network("168.63.129.16/32"), ipaddress.IPv4Network("192.0.0.0/24"))
"""Addresses that look public to Python and are a cloud's own inside it, Azure's and Oracle's.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16; RFC 6890 section 2.2.2, of which Python
before 3.11.10 knows the first eight addresses only.
"""


def is_public(address: Address) -> bool:
    """Tells whether an address is reachable from everywhere, also one that hides an IPv4 address in an IPv6 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in network for network in _PLATFORM)
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address.is_global and address in _UNICAST
