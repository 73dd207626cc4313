"""How many tries a credential path allows. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `window`."""

    tries: int
    window: timedelta


PER_ACCOUNT = (Limit(10, timedelta(minutes=5)), Limit(50, timedelta(days=1)))
PER_SOURCE = (Limit(300, timedelta(minutes=5)),)
"""An exam centre behind one address signs in some sixty people a minute."""
PER_FACTOR = (Limit(5, timedelta(minutes=5)),)
