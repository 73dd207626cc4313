"""What is taught and asked, laid beside the functions of the law."""

from app.exams.coverage import Asked, Taught, coverage


def lesson(key: str, *functions: int, module: str = "budget") -> Taught:
    return Taught(key, module, ["analysis"], functions)


def asked(key: str, *functions: int, use: str = "exam", level: str = "apply") -> Asked:
    return Asked(key, use, "budget", "numeric", "analysis", level, "easy", functions)


def test_a_function_with_a_lesson_and_two_items_is_covered() -> None:
    found = coverage([lesson("a", 1)], [asked("x", 1), asked("y", 1)], {1: False})
    assert found.problems() == []
    assert found.functions[0].is_covered


def test_a_function_that_no_lesson_teaches_is_named() -> None:
    found = coverage([lesson("a", 2)], [asked("x", 1), asked("y", 1)], {1: False})
    assert found.problems() == ["function 1: no lesson teaches it"]


def test_a_function_that_one_item_asks_is_named() -> None:
    found = coverage([lesson("a", 1)], [asked("x", 1)], {1: False})
    assert found.problems() == ["function 1: 1 items ask it, wanted 2"]


def test_only_live_items_of_the_exam_count() -> None:
    items = [asked("x", 1), asked("y", 1, use="practice"), asked("z", 1, use="suitability")]
    assert coverage([lesson("a", 1)], items, {1: False}).problems() == [
        "function 1: 1 items ask it, wanted 2"
    ]


def test_a_function_that_is_open_in_law_is_left_out_on_purpose() -> None:
    assert coverage([], [], {1: True}).problems() == []


def test_the_matrix_counts_modules_lessons_items_and_levels() -> None:
    lessons = [lesson("a", 1), lesson("b", 1), lesson("c", module="land")]
    said = coverage(lessons, [asked("x", 1), asked("y", level="judge")], {1: False}).as_json()
    assert (said["modules"], said["lessons"], said["items"]) == (2, 3, 2)
    assert said["functions"]["1"] == {"lessons": ["a", "b"], "items": ["x"], "open": False, "covered": False}
    assert said["competencies"] == {"analysis": {"apply": 1, "judge": 1}}
    assert said["levels"] == {"apply": 1, "judge": 1}
    assert said["lessons_by_competency"] == {"analysis": 3}
