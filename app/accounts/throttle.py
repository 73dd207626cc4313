"""How many tries a credential path allows, and what counts as one source. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `window`."""

    tries: int
    window: timedelta


@dataclass(frozen=True)
class Visit:
    """Where and when somebody comes to a credential path.

    Attributes:
        now: by the database's clock.
        source: as `source_of` returns it; "" when unknown: not counted.
        user_agent: what the browser calls itself.
        known: the cookie of a known device (`devices`); "" when there is none.
    """

    now: datetime
    source: str = ""
    user_agent: str = ""
    known: str = ""


PER_ACCOUNT = (Limit(10, timedelta(minutes=5)), Limit(50, timedelta(days=1)))
PER_SOURCE = (Limit(300, timedelta(minutes=5)),)
"""An exam centre behind one address signs in some sixty people a minute."""
PER_FACTOR = (Limit(5, timedelta(minutes=5)),)
LONGEST_WINDOW = timedelta(days=1)
_ONE_HOUSEHOLD = 64
"""Bits of an IPv6 address that a provider gives to one customer."""


def source_of(address: str | None) -> str:
    """Return what is counted as one source: the address, for IPv6 its network; "" when unknown."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, _ONE_HOUSEHOLD), strict=False).network_address)
