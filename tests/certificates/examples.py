"""Facts of invented certificates."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.certificates.facts import Facts, Section
from app.certificates.wording import Words

PLAIN = Facts(
    number="407188253014",
    holder="Мысалова Айгүл Үлгіқызы",
    kind="exam",
    score_percent=73,
    score_of=100,
    margin=(67, 79),
    pass_mark_percent=60,
    sections=(
        Section(Words("Функциялар", "Функции", "Functions"), 80, 40),
        Section(Words("Жазбаша жағдаят", "Письменная задача", "Written case"), 81, None),
    ),
    exam_day=date(2026, 12, 12),
    issued_day=date(2026, 12, 18),
    valid_until=date(2028, 12, 12),
    test_version="2026-2",
    trial=True,
    address="https://mektep.example/c/407188253014",
    sample=False,
)


def facts(**changes: Any) -> Facts:
    return replace(PLAIN, **changes)
