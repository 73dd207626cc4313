"""A small sound course on disk, for tests to load or to break."""

from datetime import date
from pathlib import Path

from app.core.content import Text
from app.core.sources import Act

TODAY = date(2026, 12, 1)
ACTS = {
    "LGL": Act(
        title=Text(kk="Заң", ru="Закон", en="Law"), edition=date(2026, 7, 14), address="https://law.example/"
    )
}
MODULE = """\
key: {key}
title:
  kk: Бірінші бөлім
  ru: Первая часть
  en: First part
summary:
  kk: Әкімнің өкілеттігін ажырата аласыз.
  ru: Сможете различать полномочия.
  en: You will tell powers apart.
competencies: [analysis]
lessons:
"""
ENTRY = """\
  - key: {key}
    file: {key}
    minutes: 7
    competencies: [analysis]
    functions: [1]
    sources:
      - act: LGL
        article: "35"
        edition: 2026-07-14
    checks:
      - key: who
        options: [a, b]
        answer: b
"""
WORDS = {
    "kk": ("Өкілеттік", "Әкім не шеше алады?", "Бәрін", "Заңда аталғанын", "Олай емес", "Иә, заң бойынша", "Әкім заңмен жұмыс істейді."),
    "ru": ("Полномочия", "Что решает аким?", "Всё", "Названное в законе", "Не так", "Да, по закону", "Аким работает по закону."),
    "en": ("Powers", "What does an akim decide?", "Everything", "What the law names", "Not so", "Yes, by the law", "An akim works by law."),
}  # fmt: skip
LESSON = """\
---
title: {0} {key}
lead: {0}
checks:
  who:
    question: {1}
    options:
      a: {2}
      b: {3}
    reasons:
      a: {4}
      b: {5}
---
## {0}

{6} <b>bold</b>
"""


def write(folder: Path, modules: dict[str, list[str]], *, mark: str = "") -> Path:
    """Write a course of `{module key: [lesson keys]}` and return its folder."""
    for number, (key, lessons) in enumerate(modules.items(), start=1):
        place = folder / f"{number:02d}-{key}"
        place.mkdir(parents=True, exist_ok=True)
        text = MODULE.format(key=key) + "".join(ENTRY.format(key=lesson) for lesson in lessons)
        (place / "module.yaml").write_text(text, encoding="utf-8")
        for lesson in lessons:
            for language, words in WORDS.items():
                page = LESSON.format(*words, key=lesson).replace(" <b>bold</b>", mark)
                (place / f"{lesson}.{language}.md").write_text(page, encoding="utf-8")
    return folder
