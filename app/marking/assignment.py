"""Who may mark a script, and who of them gets it: by chance under exclusions. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NewType

ScriptCode = NewType("ScriptCode", str)
"""What an examiner knows a script by. Never a person's id, an attempt's or a script's."""

SIGNS = "BCDFGHJKMNPQRTVWXY346789"
"""No vowels, so no words; nothing that looks like something else."""
CODE_LENGTH = 8
_HALF = CODE_LENGTH // 2


@dataclass(frozen=True)
class Marker:
    """An examiner or adjudicator, as far as the draw needs to know them.

    Attributes:
        person_id: who it is.
        district: KATO of the district where they live or work; None while nobody has noted it.
        waiting: how many scripts they hold and have not marked yet.
    """

    person_id: int
    district: str | None
    waiting: int = 0


def may_mark(marker: Marker, *, district: str | None, already: Collection[int]) -> bool:
    """Tell whether `marker` may get a script.

    Whoever has no district noted gets nothing: it could be the candidate's own.

    Args:
        marker: the person in question.
        district: KATO of the candidate's district; None if the candidate never chose a place.
        already: people who hold or held a mark of this script.
    """
    return marker.district is not None and marker.district != district and marker.person_id not in already


def choose(
    markers: Iterable[Marker], *, district: str | None, already: Collection[int], count: int, seed: str
) -> list[int]:
    """Return up to `count` people for a script: those with the least waiting; between equals, chance.

    Args:
        markers: everyone of the role.
        district: see `may_mark`.
        already: see `may_mark`.
        count: how many marks are missing.
        seed: a fresh secret; whoever knew it could work out who marks whom.

    Returns:
        Their ids, fewer than `count` when there are not enough people who may.
    """
    able = [marker for marker in markers if may_mark(marker, district=district, already=already)]
    able.sort(key=lambda marker: (marker.waiting, _rank(marker.person_id, seed)))
    return [marker.person_id for marker in able[:count]]


def _rank(person_id: int, seed: str) -> str:
    return sha256(f"{seed}:{person_id}".encode()).hexdigest()


def written_code(signs: str) -> ScriptCode:
    """Return the code as people read it, from `CODE_LENGTH` random signs: K7MD-84RT."""
    return ScriptCode(f"{signs[:_HALF]}-{signs[_HALF:]}")
