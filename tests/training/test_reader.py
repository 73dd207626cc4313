"""Reading the course's folder: a sound one, and every way to break it."""

from pathlib import Path

import pytest

from app.training import reader
from tests.training import course

SOUND = {"powers": ["first", "second"]}


def problems(folder: Path) -> list[str]:
    return reader.load(folder, course.AROUND)[1]


def test_reads_modules_and_lessons_in_the_order_of_their_names(tmp_path: Path) -> None:
    modules, found = reader.load(course.write(tmp_path, SOUND | {"money": ["third"]}), course.AROUND)
    assert found == []
    assert [module.file.key for module in modules] == ["powers", "money"]
    assert [lesson.entry.key for lesson in modules[0].lessons] == ["first", "second"]
    assert modules[0].lessons[0].front["ru"].title == "Полномочия first"


def test_the_hash_tells_wordings_apart(tmp_path: Path) -> None:
    one, _ = reader.load(course.write(tmp_path / "one", SOUND), course.AROUND)
    same, _ = reader.load(course.write(tmp_path / "same", SOUND), course.AROUND)
    other, _ = reader.load(course.write(tmp_path / "other", SOUND, mark="!"), course.AROUND)
    assert one[0].lessons[0].content_hash() == same[0].lessons[0].content_hash()
    assert one[0].lessons[0].content_hash() != other[0].lessons[0].content_hash()


def test_names_a_missing_language(tmp_path: Path) -> None:
    folder = course.write(tmp_path, SOUND)
    (folder / "01-powers" / "first.kk.md").unlink()
    assert problems(folder) == ["01-powers/first.kk.md: is missing"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("module.yaml", "answer: b", "answer: z", "check who: the answer is none of the options"),
        ("module.yaml", "act: LGL", "act: XYZ", "there is no act XYZ"),
        ("module.yaml", "edition: 2026-07-14", "edition: 2026-07-15", "sources.yaml knows it up to"),
        ("module.yaml", "functions: [1]", "functions: [80]", "less than or equal to 79"),
        ("module.yaml", "key: second", "key: first", "lesson first stands twice"),
        ("module.yaml", "key: second", "key: sheet", "sheet: a page of the course has this address"),
        ("module.yaml", "key: powers", "key: search", "search: a page of the course has this address"),
        ("module.yaml", "minutes: 7", "hours: 1", "is not known here"),
        (
            "module.yaml",
            "competencies: [analysis]\nroles",
            "competencies: [wisdom]\nroles",
            "competencies",
        ),
        ("first.ru.md", "who:", "whom:", "checks: who is missing"),
        (
            "first.ru.md",
            "      b: Названное в законе\n",
            "",
            "options and reasons are not those of the module",
        ),
        ("first.ru.md", "---\ntitle", "title", "does not begin with front matter"),
        (
            "first.kk.md",
            "lead: Өкілеттік",
            "lead: Аким работает только по закону и в срок",
            "does not look like kk",
        ),
        ("first.en.md", "An akim works", "<b>An</b> akim works", "holds HTML"),
        ("first.en.md", "title: Powers first\n", "", "title: is missing"),
        (
            "first.en.md",
            "  answer: An akim works by law. An akim works by law.\n---",
            "---",
            "case.answer: is missing",
        ),
        ("module.yaml", "  - {kk: Есептеу, ru: Считать, en: Count}\n", "", "outcomes"),
        ("module.yaml", "roles: [deputy]", "roles: [driver]", "roles"),
        (
            "module.yaml",
            "      - key: why\n        options: [a, b]\n        answer: b\n",
            "",
            "at least 4 items",
        ),
        ("first.ru.md", "(term:gathering)", "(term:meeting)", "the glossary has no meeting"),
        ("first.ru.md", "(term:gathering)", "(https://law.example/)", "glossary words differ"),
        ("first.ru.md", "![](figure:way)", "", "figures differ"),
        ("first.ru.md", "![](figure:way)", "", "has neither figure nor table"),
        ("first.ru.md", "![](figure:way)", "![](figure:lost)", "there is no figure lost"),
        ("first.ru.md", "> [!2026] ", "", "marks of 2026 differ"),
        ("first.ru.md", "## Полномочия", "Полномочия", "headings differ"),
        ("first.ru.md", "Аким работает по закону. [", "Аким работает 15 дней. [", "the numbers differ"),
        ("first.ru.md", "Аким работает по закону. [", "Аким созвал митинги. [", "the glossary says “сход”"),
        ("first.en.md", "An akim works by law. " * 60, "", "words, wanted 700 to 1400"),
        ("summary.en.md", "An akim works by law. " * 30, "", "words, wanted 150 to 380"),
        ("figures/way.yaml", "kind: flow", "kind: song", "kind"),
        ("figures/way.yaml", ", en: Application}", "}", "text.en: is missing"),
        ("figures/way.yaml", "en: fifteen days}", "en: 15 days}", "the numbers differ"),
        ("figures/way.yaml", "en: Application}", "en: " + "Application " * 40 + "}", "too long for a figure"),
    ],
)
def test_names_what_is_wrong(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = course.write(tmp_path, SOUND)
    path = folder / "01-powers" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(says in problem for problem in problems(folder)), problems(folder)


def test_names_a_file_that_no_lesson_knows(tmp_path: Path) -> None:
    folder = course.write(tmp_path, SOUND)
    (folder / "01-powers" / "lost.kk.md").write_text("?", encoding="utf-8")
    assert problems(folder) == ["01-powers/lost.kk.md: no lesson names this file"]


def test_names_a_figure_that_no_lesson_shows(tmp_path: Path) -> None:
    folder = course.write(tmp_path, SOUND)
    (folder / "01-powers" / "figures" / "more.yaml").write_text(course.FIGURE, encoding="utf-8")
    assert problems(folder) == ["01-powers/figures/more.yaml: no lesson shows it"]


def test_names_a_summary_that_is_missing(tmp_path: Path) -> None:
    folder = course.write(tmp_path, SOUND)
    (folder / "01-powers" / "summary.ru.md").unlink()
    assert problems(folder) == ["01-powers/summary.ru.md: is missing"]


def test_a_lesson_knows_its_words_figures_and_changes(tmp_path: Path) -> None:
    lesson = reader.load(course.write(tmp_path, SOUND), course.AROUND)[0][0].lessons[0]
    assert lesson.terms() == ["gathering"]
    assert list(lesson.figures) == ["way"]
    assert lesson.tells_of_change()


def test_an_empty_folder_is_no_course(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path.name}: there is no module"]
