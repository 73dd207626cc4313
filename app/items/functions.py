"""The functions and powers of a rural akim: the numbered list that lessons teach and items ask. Pure."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from app.core import wording
from app.core.content import Strict, Text, Words, read_entries
from app.core.sources import Act, Citation, citation_problems
from app.items.files import LAST_FUNCTION

FILE = Path("course_content/functions.yaml")
"""From the folder of the content on."""
Group = Literal[
    "representation",
    "land",
    "economy",
    "social",
    "records",
    "culture",
    "property",
    "apparatus",
    "community",
    "other",
]


class Function(Strict):
    """One function or power.

    Attributes:
        open: why it could not be confirmed as in force; such a one is neither taught nor asked.
    """

    group: Group
    name: Text
    sources: Annotated[list[Citation], Field(min_length=1)]
    open: Words | None = None


def load(path: Path, acts: Mapping[str, Act], *, today: date) -> tuple[dict[int, Function], list[str]]:
    """Return the functions by number, and every problem of the file in words."""
    functions, problems = read_entries(path, Function)
    for number, function in functions.items():
        texts = function.model_dump(include={"name"})
        found = citation_problems(function.sources, acts, today=today)
        found += wording.language_problems(texts) + wording.number_problems(texts)
        problems += [f"{number}: {text}" for text in found]
    numbers = range(1, LAST_FUNCTION + 1)
    missing = [str(number) for number in numbers if number not in functions]
    if functions and missing:
        problems.append(f"file: there is no sound function {', '.join(missing)}")
    problems += [f"{number}: is no number of the list" for number in functions if number not in numbers]
    return functions, problems
