from datetime import date, timedelta
from pathlib import Path

from app.core import sources
from app.core.content import Text
from app.core.sources import Act, Citation

COURSE = Path(__file__).resolve().parents[2] / "course_content"
EDITION = date(2026, 7, 14)
ACT = Act(title=Text(kk="Заң", ru="Закон", en="Law"), edition=EDITION, address="https://zan.example/1")


def citation(act: str = "LGL", edition: date = EDITION) -> Citation:
    return Citation(act=act, article="35 (1)", edition=edition)


def problems(cited: Citation, today: date = EDITION) -> list[str]:
    return sources.citation_problems([cited], {"LGL": ACT}, today=today)


def test_reads_the_acts_of_the_school() -> None:
    acts, found = sources.load(COURSE / "sources.yaml")

    assert found == []
    assert acts["LGL"].title["en"].startswith("Law")


def test_names_every_problem_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("A:\n  edition: soon\nB:\n  address: http://x.example\n", encoding="utf-8")

    acts, found = sources.load(path)

    assert acts == {}
    assert {problem.split(":")[0] for problem in found} == {
        "A.title", "A.edition", "A.address", "B.title", "B.edition", "B.address",
    }  # fmt: skip


def test_file_that_is_no_mapping_or_no_yaml_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    for written in ("- a\n", "a: [\n"):
        path.write_text(written, encoding="utf-8")

        assert len(sources.load(path)[1]) == 1


def test_citation_of_the_newest_text_is_sound() -> None:
    assert problems(citation()) == []
    assert problems(citation(edition=EDITION - timedelta(days=1))) == []


def test_unknown_act_is_named() -> None:
    assert problems(citation("XYZ")) == ["sources: there is no act XYZ in sources.yaml"]


def test_edition_newer_than_the_one_we_know_is_named() -> None:
    found = problems(citation(edition=EDITION + timedelta(days=1)), today=EDITION + timedelta(days=1))

    assert len(found) == 1
    assert "sources.yaml knows it up to 2026-07-14" in found[0]


def test_edition_of_tomorrow_is_named() -> None:
    found = problems(citation(), today=EDITION - timedelta(days=1))

    assert found == ["sources: the edition 2026-07-14 of LGL lies in the future"]


def test_a_fact_that_was_read_long_ago_is_named_with_those_who_cite_it() -> None:
    def cited(edition: date) -> Citation:
        return Citation(act="LGL", article="35", edition=edition)

    today = date(2026, 12, 1)
    young, aged = cited(today - sources.OLD_AFTER), cited(today - sources.OLD_AFTER - timedelta(days=1))
    assert sources.old([("powers", young)], today=today) == []
    assert sources.old([("powers", aged), ("fun-001", aged), ("powers", aged)], today=today) == [
        "LGL in the text of 2024-11-30, older than 730 days: powers, fun-001"
    ]
