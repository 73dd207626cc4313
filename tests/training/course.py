"""A small sound course on disk, for tests to load or to break."""

from datetime import date
from pathlib import Path

from app.core.content import Text
from app.core.glossary import Avoided, Glossary, TermFile
from app.core.sources import Act
from app.training.reader import Around

TODAY = date(2026, 12, 1)
ACTS = {
    "LGL": Act(
        title=Text(kk="Заң", ru="Закон", en="Law"), edition=date(2026, 7, 14), address="https://law.example/"
    )
}
GLOSSARY = Glossary(
    {
        "gathering": TermFile(
            term=Text(kk="жиын", ru="сход", en="gathering"),
            meaning=Text(kk="Тұрғындар өздері шешеді.", ru="Жители решают сами.", en="Residents decide."),
            avoid=Avoided(kk=["митинг"], ru=["митинг"], en=["rally"]),
        )
    }
)
AROUND = Around(ACTS, GLOSSARY, TODAY)
CHECKS = ("who", "what", "when", "why")
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
outcomes:
  - {{kk: Ажырату, ru: Различать, en: Tell apart}}
  - {{kk: Есептеу, ru: Считать, en: Count}}
  - {{kk: Түсіндіру, ru: Объяснять, en: Explain}}
competencies: [analysis]
roles: [deputy]
case:
  title:
    kk: Үлгісай
    ru: Ульгисай
    en: Ulgisai
  opening:
    kk: Ауылда су жоқ.
    ru: В селе нет воды.
    en: The village has no water.
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
"""
CHECK = """\
      - key: {0}
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
{checks}case:
  story: {6}
  question: {1}
  answer: {6} {6}
---
## {0}

{6} [{0}](term:gathering) <b>bold</b>

![](figure:way)

> [!2026] {6}

{filler}
"""
CHECK_WORDS = """\
  {check}:
    question: {1}
    options:
      a: {2}
      b: {3}
    reasons:
      a: {4}
      b: {5}
"""
FIGURE = """\
kind: flow
title: {kk: Жол, ru: Путь, en: Way}
alt: {kk: Әуелі өтініш., ru: Сначала заявление., en: First the application.}
steps:
  - text: {kk: Өтініш, ru: Заявление, en: Application}
  - text: {kk: Шешім, ru: Решение, en: Decision}
    note: {kk: он бес күн, ru: пятнадцать дней, en: fifteen days}
    otherwise: {kk: Шағым, ru: Жалоба, en: Complaint}
"""


def write(folder: Path, modules: dict[str, list[str]], *, mark: str = "") -> Path:
    """Write a course of `{module key: [lesson keys]}` and return its folder."""
    for number, (key, lessons) in enumerate(modules.items(), start=1):
        place = folder / f"{number:02d}-{key}"
        (place / "figures").mkdir(parents=True, exist_ok=True)
        (place / "figures" / "way.yaml").write_text(FIGURE, encoding="utf-8")
        entry = ENTRY + "".join(CHECK.format(check) for check in CHECKS)
        text = MODULE.format(key=key) + "".join(entry.format(key=lesson) for lesson in lessons)
        (place / "module.yaml").write_text(text, encoding="utf-8")
        for language, words in WORDS.items():
            filler = " ".join([words[6]] * 160)
            (place / f"summary.{language}.md").write_text(" ".join([words[6]] * 40), encoding="utf-8")
            checks = "".join(CHECK_WORDS.format(*words, check=check) for check in CHECKS)
            for lesson in lessons:
                page = LESSON.format(*words, key=lesson, checks=checks, filler=filler)
                page = page.replace(" <b>bold</b>", mark)
                (place / f"{lesson}.{language}.md").write_text(page, encoding="utf-8")
    return folder
