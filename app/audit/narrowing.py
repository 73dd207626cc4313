"""What an auditor may narrow the record to. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Filter:
    """Which events to show; what is None or False does not narrow.

    Attributes:
        tag: what was done.
        actor_id: the number of the person who did it.
        since: from the first moment of this day, in the country's time.
        until: to the last moment of this day.
        refused: only what was counted but not carried out.
    """

    tag: str | None = None
    actor_id: int | None = None
    since: date | None = None
    until: date | None = None
    refused: bool = False
