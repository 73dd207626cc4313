"""All item types. A new one is a folder here and a line in `TYPES`."""

from typing import Any

from app.items.types.base import ItemType
from app.items.types.essay import Essay
from app.items.types.matching import Matching
from app.items.types.multiple_choice import MultipleChoice
from app.items.types.numeric import Numeric
from app.items.types.ordering import Ordering
from app.items.types.short_text import ShortText
from app.items.types.single_choice import SingleChoice
from app.items.types.situational_judgement import SituationalJudgement

TYPES: tuple[ItemType[Any], ...] = (
    SingleChoice(),
    MultipleChoice(),
    Numeric(),
    Ordering(),
    Matching(),
    SituationalJudgement(),
    ShortText(),
    Essay(),
)
BY_KEY = {item_type.key: item_type for item_type in TYPES}


def is_written(type_key: str) -> bool:
    """Tell whether people mark the answers of a type; a type that nobody knows is none."""
    return type_key in BY_KEY and BY_KEY[type_key].marked_by == "people"
