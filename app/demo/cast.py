"""Who plays: names, places and how far each has come. Invented, and the same every time. Pure."""

from dataclasses import dataclass
from enum import IntEnum

PASSWORD = "dala-boztorgai-2026"  # noqa: S105 - known to everybody: production refuses the demonstration


class Stage(IntEnum):
    """How far a candidate has come; each includes the ones before it."""

    SIGNED_UP = 1
    TESTED = 2
    """Is sitting the suitability test now."""
    NOT_YET = 3
    """Has a suitability result that does not open the course."""
    LEARNING = 4
    SITTING = 5
    """Is sitting the exam now."""
    MARKING = 6
    """Waits for marks."""
    DISPUTED = 7
    """The two marks differ: an adjudicator is asked."""
    PROVISIONAL = 8
    """Marked, and waits for two organisers."""
    APPEALED = 9
    """Has a released exam result, did not pass, and appeals."""
    RELEASED = 10
    """Has a released exam result, and keeps it private."""
    PUBLISHED = 11
    WITHDRAWN = 12
    """Had published, and took it back."""


@dataclass(frozen=True)
class Player:
    """One account."""

    key: str
    name: str
    role: str
    language: str = "kk"


@dataclass(frozen=True)
class Walker:
    """One candidate.

    Attributes:
        unit: which of the four units of the demonstration, 0-3.
        is_listed: stands on the commission's list.
    """

    player: Player
    stage: Stage
    unit: int
    is_listed: bool = False

    @property
    def has_suitability(self) -> bool:
        return self.stage >= Stage.NOT_YET

    @property
    def has_learnt(self) -> bool:
        return self.stage >= Stage.SITTING


STAFF = (
    Player("administrator", "Әкімов Нұрлан Сынақұлы", "administrator"),
    Player("organiser-1", "Жоспарова Меруерт Үлгіқызы", "organiser"),
    Player("organiser-2", "Ретов Дәулет Мысалұлы", "organiser", "ru"),
    Player("examiner-1", "Бағалаева Зере Сынаққызы", "examiner"),
    Player("examiner-2", "Сынов Арман Үлгіұлы", "examiner", "ru"),
    Player("examiner-3", "Өлшемова Ләззат Мысалқызы", "examiner"),
    Player("adjudicator", "Төрешев Бекзат Үлгіұлы", "adjudicator"),
    Player("author", "Сұрақова Әсем Сынаққызы", "author"),
    Player("auditor", "Бақылаушы Қайрат Мысалұлы", "auditor", "ru"),
)


def _candidate(
    key: str, name: str, stage: Stage, unit: int, *, listed: bool = False, language: str = "kk"
) -> Walker:
    return Walker(Player(key, name, "candidate", language), stage, unit, listed)


WALKERS = (
    _candidate("aigul", "Мысалова Айгүл Үлгіқызы", Stage.PUBLISHED, 0, listed=True),
    _candidate("erlan", "Үлгібаев Ерлан Мысалұлы", Stage.RELEASED, 0, listed=True, language="ru"),
    _candidate("saken", "Болжамов Сәкен Үлгіұлы", Stage.WITHDRAWN, 0, listed=True),
    _candidate("gulnar", "Үлгіова Гүлнар Сынаққызы", Stage.LEARNING, 1),
    _candidate("bolat", "Сынақов Болат Мысалұлы", Stage.SITTING, 1, listed=True),
    _candidate("dana", "Мысалова Дана Болжамқызы", Stage.MARKING, 1, listed=True, language="ru"),
    _candidate("nurgul", "Болжамова Нұргүл Сынаққызы", Stage.DISPUTED, 2),
    _candidate("askar", "Үлгіұлы Асқар", Stage.PROVISIONAL, 2, listed=True),
    _candidate("marat", "Сынақбаев Марат Үлгіұлы", Stage.APPEALED, 2, listed=True, language="ru"),
    _candidate("timur", "Мысалбеков Тимур", Stage.TESTED, 3, language="ru"),
    _candidate("aliya", "Болжамқызы Әлия", Stage.NOT_YET, 3),
    _candidate("sara", "Үлгібекова Сара", Stage.SIGNED_UP, 3, language="en"),
)

TEAM = (
    Player("deputy", "Көмекшиев Ержан Мысалұлы", "team-member"),
    Player("accountant", "Есептеева Сәуле Үлгіқызы", "team-member", "ru"),
)
LEADER = "gulnar"

STRANGERS = ("Сынаққызы Жанар", "Үлгібай Қуаныш Болжамұлы")
"""On the commission's list, and never heard of the school."""
