"""What the scenes share: the cast's accounts, its places and sittings; nothing that is not in the database too."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.permissions import Actor
from app.demo.cast import Player

TITLES = {"suitability": "Бейімділік тесті", "old-exam": "Қазан емтиханы", "exam": "Ашық емтихан"}
"""What the sittings are called."""


@dataclass
class Stagehand:
    """What the scenes share: addresses, the accounts made so far, the units.

    Attributes:
        number: tells this cast from others; None: the demonstration's own.
        actors: by key of the player.
        units: codes of the four places, two in each of two districts.
        elsewhere: the district of the examiners.
        sittings: by their keys in `TITLES`.
    """

    number: int | None
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)
    elsewhere: str = ""
    sittings: dict[str, UUID] = field(default_factory=dict)

    def email(self, player: Player) -> str:
        mark = "" if self.number is None else f"-{self.number}"
        return f"{player.key}{mark}@demo.example"
