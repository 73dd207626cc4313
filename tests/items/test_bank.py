"""The loader of the bank, and the hash of its items."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.core.content import Text
from app.core.sources import Act
from app.items import bank, files
from app.items.files import ItemFile, StimulusFile
from app.items.types import BY_KEY
from tests.items.bodies import example

TODAY = date(2026, 11, 24)
ACTS = {
    "LGL": Act(
        title=Text(kk="Заң", ru="Закон", en="Law"), edition=date(2026, 7, 14), address="https://zan.example/1"
    )
}
STEM = {
    "kk": "Ауылдық округтің 2027 жылғы бюджетін кім бекітеді?",
    "ru": "Кто утверждает бюджет сельского округа на 2027 год?",
    "en": "Who approves the budget of a rural district for 2027?",
}
REASON = {"kk": "Заң осылай дейді.", "ru": "Так говорит закон.", "en": "So says the law."}
Write = Callable[[str, object], None]


def item(**changes: object) -> dict[str, Any]:
    sound = {
        "id": "bud-001",
        "type": "single_choice",
        "use": "exam",
        "topic": "budget",
        "competency": "constraint",
        "functions": [3],
        "level": "recall",
        "difficulty": "easy",
        "sources": [{"act": "LGL", "article": "39-3", "edition": date(2026, 7, 14)}],
        "stem": STEM,
        "body": example("single_choice")["body"],
        "reasons": {"a": REASON, "b": REASON, "c": REASON},
        "note": "Measures whether the candidate knows who approves.",
    }
    return deepcopy(sound | changes)


def stimulus(**changes: object) -> dict[str, Any]:
    sound = {"id": "case-1", "kind": "case", "title": REASON, "text": STEM, "sources": [], "invented": True}
    return deepcopy(sound | changes)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file of the bank: a text as it is, anything else as YAML."""

    def put(place: str, what: object) -> None:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(what, str):
            path.write_text(what, encoding="utf-8")
        else:
            with path.open("w", encoding="utf-8") as target:
                YAML(typ="safe", pure=True).dump(what, target)

    return put


def load(folder: Path) -> tuple[bank.Bank, list[str]]:
    found, problems = bank.load(folder, ACTS, today=TODAY)
    return found, [str(problem) for problem in problems]


def test_sound_bank_has_no_problems(tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1"))
    write("stimuli/case-1.yaml", stimulus())
    write("blueprints/exam.yaml", "anything: here")

    found, problems = load(tmp_path)

    assert problems == []
    assert list(found.items) == ["bud-001"]
    assert found.stimulus_of(found.items["bud-001"]) == found.stimuli["case-1"]


@pytest.mark.parametrize("key", list(BY_KEY))
def test_example_of_every_type_can_stand_in_the_bank(tmp_path: Path, write: Write, key: str) -> None:
    body = example(key)["body"]
    read = BY_KEY[key].body_model.model_validate(body)
    reasons = dict.fromkeys(BY_KEY[key].reason_ids(read), REASON)
    write("budget/bud-001.yaml", item(type=key, body=body, reasons=reasons))

    assert load(tmp_path)[1] == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "bud-002"}, "id: bud-002 is not the name of the file"),
        ({"type": "riddle"}, "type: riddle is none of single_choice"),
        ({"type": ["a"]}, "type: ['a'] is none of"),
        ({"use": "fun"}, "use: Input should be"),
        ({"apart_from": ["bud-009"]}, "apart_from: there is no item bud-009"),
        ({"competency": "magic"}, "competency: Input should be"),
        ({"functions": [0]}, "functions.0:"),
        ({"functions": [80]}, "functions.0:"),
        ({"level": "know"}, "level:"),
        ({"difficulty": "brutal"}, "difficulty:"),
        ({"topic": "Big Topic"}, "topic:"),
        ({"author": "me"}, "author: is not known here"),
        ({"sources": []}, "sources: name an act, or say in rests_on"),
        ({"sources": [{"act": "LGL", "article": "1", "edition": "2026-07-14"}]}, "sources.0.edition:"),
        ({"sources": [{"act": "NO", "article": "1", "edition": TODAY}]}, "there is no act NO"),
        (
            {"sources": [{"act": "LGL", "article": "1", "edition": date(2026, 11, 25)}]},
            "lies in the future",
        ),
        ({"stimulus": "case-9"}, "there is no sound stimuli/case-9.yaml"),
        ({"stem": {"kk": "Кім?", "ru": "Кто?"}}, "stem.en: is missing"),
        ({"stem": STEM | {"en": "Who approves it for 2028?"}}, "stem: the numbers differ"),
        ({"stem": STEM | {"kk": STEM["ru"]}}, "stem.kk: does not look like kk"),
        ({"reasons": []}, "reasons: Input should be a valid dictionary"),
        ({"reasons": {"a": REASON, "b": REASON}}, "reasons: nothing is said of c"),
        ({"reasons": dict.fromkeys("abcd", REASON)}, "reasons: d is nothing to give a reason for"),
        (
            {"reasons": dict.fromkeys("abc", REASON | {"kk": REASON["en"] * 2})},
            "reasons.a.kk: does not look like",
        ),
        ({"body": {"options": []}}, "body.key: is missing"),
        ({"body": example("single_choice")["body"] | {"key": "z"}}, "body: key: there is no option z"),
        ({"note": ""}, "note: is empty"),
    ],
)
def test_author_is_told(tmp_path: Path, write: Write, changes: dict[str, object], says: str) -> None:
    write("budget/bud-001.yaml", item(**changes))

    told = load(tmp_path)[1]

    assert any(problem.startswith("budget/bud-001.yaml: ") and says in problem for problem in told), told


def test_banned_phrase_in_an_option_is_named(tmp_path: Path, write: Write) -> None:
    body = deepcopy(example("single_choice")["body"])
    body["options"][0]["text"]["en"] = "All of the above"
    write("budget/bud-001.yaml", item(body=body))

    assert load(tmp_path)[1] == [
        "budget/bud-001.yaml: body.options.0.text.en: do not write “All of the above”"
    ]


def test_item_without_an_act_may_say_what_it_rests_on(tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(sources=[], rests_on="Plain arithmetic."))

    assert load(tmp_path)[1] == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "case-2"}, "id: case-2 is not the name of the file"),
        ({"invented": False}, "sources: name an act, or say invented: true"),
        ({"kind": "song"}, "kind:"),
        ({"text": STEM | {"en": "In 2027 <script>"}}, "text.en: holds HTML"),
        ({"text": STEM | {"en": "In 2026"}}, "text: the numbers differ"),
        ({"sources": [{"act": "NO", "article": "1", "edition": TODAY}]}, "there is no act NO"),
    ],
)
def test_author_of_a_stimulus_is_told(
    tmp_path: Path, write: Write, changes: dict[str, object], says: str
) -> None:
    write("stimuli/case-1.yaml", stimulus(**changes))

    told = load(tmp_path)[1]

    assert any(problem.startswith("stimuli/case-1.yaml: ") and says in problem for problem in told), told


def test_every_problem_of_every_file_is_named_at_once(tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(sources=[], use="fun", body={"options": []}, reasons={}))
    write("budget/bud-002.yaml", "id: [bud\n")
    write("budget/bud-003.yaml", "- a list\n")
    write("budget/bud-004.yaml", item(id="bud-004"))
    write("other/bud-004.yaml", item(id="bud-004"))
    write("stimuli/case-1.yaml", "kind: {\n")
    write("stimuli/case-2.yaml", stimulus(id="case-2", kind="song"))
    write("budget/readme.txt", "hello")
    write("loose.yaml", "id: loose")

    found, told = load(tmp_path)

    assert list(found.items) == ["bud-004"]
    assert found.stimuli == {}
    assert {problem.split(":")[0] for problem in told} == {
        "budget/bud-001.yaml",
        "budget/bud-002.yaml",
        "budget/bud-003.yaml",
        "other/bud-004.yaml",
        "stimuli/case-1.yaml",
        "stimuli/case-2.yaml",
        "budget/readme.txt",
        "loose.yaml",
    }
    assert "budget/bud-001.yaml: use: Input should be 'exam', 'suitability' or 'practice'" in told
    assert "budget/bud-001.yaml: body.key: is missing" in told
    assert "other/bud-004.yaml: the id bud-004 is also that of budget/bud-004.yaml" in told


def test_missing_folder_is_a_problem(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere")[1] == [f"{tmp_path / 'nowhere'}: there is no such folder"]


def test_same_content_has_the_same_hash_whatever_the_order_of_the_file() -> None:
    sound = item()
    turned = dict(reversed(sound.items()))

    assert files.content_hash(ItemFile.model_validate(sound)) == files.content_hash(
        ItemFile.model_validate(turned)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"stem": STEM | {"en": "Who adopts the budget of a rural district for 2027?"}},
        {"body": example("single_choice")["body"] | {"key": "a"}},
        {"reasons": {"a": REASON, "b": REASON, "c": STEM}},
        {"competency": "analysis"},
        {"difficulty": "hard"},
        {"sources": [{"act": "LGL", "article": "39-3", "edition": date(2026, 7, 1)}]},
    ],
)
def test_change_that_is_seen_or_counts_makes_another_hash(changes: dict[str, object]) -> None:
    before, after = ItemFile.model_validate(item()), ItemFile.model_validate(item(**changes))

    assert files.content_hash(before) != files.content_hash(after)


def test_note_of_the_author_does_not_change_the_hash() -> None:
    before, after = ItemFile.model_validate(item()), ItemFile.model_validate(item(note="Said better."))

    assert files.content_hash(before) == files.content_hash(after)


def test_changed_stimulus_changes_the_hash_of_its_items() -> None:
    uses = ItemFile.model_validate(item(stimulus="case-1"))
    before = StimulusFile.model_validate(stimulus())
    after = StimulusFile.model_validate(stimulus(title=STEM))

    assert files.content_hash(uses, before) != files.content_hash(uses, after)


def test_hash_needs_the_stimulus_that_the_item_names() -> None:
    uses, other = (
        ItemFile.model_validate(item(stimulus="case-1")),
        StimulusFile.model_validate(stimulus(id="case-2")),
    )

    for wrong in (None, other):
        with pytest.raises(ValueError, match="case-1"):
            files.content_hash(uses, wrong)
    with pytest.raises(ValueError, match="None"):
        files.content_hash(ItemFile.model_validate(item()), other)


def test_content_is_plain_json_and_reads_back_for_presenting() -> None:
    content = files.content(ItemFile.model_validate(item()))

    assert content["sources"][0]["edition"] == "2026-07-14"
    assert content["body"] == item()["body"]
