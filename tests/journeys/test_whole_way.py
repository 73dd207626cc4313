"""The whole way in Kazakh on a phone: from sign-up to a certificate that a voter can check, and back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.certificates.number import check_digit
from app.core.settings import ROOT
from tests.journeys import administrator as office
from tests.journeys import attempt, candidate, examiner, organiser, voter
from tests.journeys.accounts import (
    Person,
    confirm_by_letter,
    letter_of,
    set_up_second_factor,
    sign_in,
    sign_up,
)
from tests.journeys.bank import Fields
from tests.journeys.screen import Screen
from tests.journeys.server import Installation

pytestmark = pytest.mark.browser

VILLAGE, SPELLING, OTHER_DISTRICT = "103235000", "Arkat", "113200000"
TEST, EXAM = "Бейімділік тесті, желтоқсан", "Курс емтиханы, желтоқсан"
STRANGER = "Үлгібай Қуаныш Болжамұлы"
CRASH_AT = 8
LESSONS = len(list((ROOT / "course_content").glob("*/[0-9]*.kk.md")))
QUESTIONS, TEXTS = 62, 2
"""Of the exam; as many texts has the suitability test."""
ROLES = {
    "first": ("Жоспарова Меруерт Үлгіқызы", "organiser"),
    "second": ("Ретов Дәулет Мысалұлы", "organiser"),
    "strict": ("Бағалаева Зере Сынаққызы", "examiner"),
    "mild": ("Сынов Арман Үлгіұлы", "examiner"),
    "third": ("Төрешев Бекзат Үлгіұлы", "adjudicator"),
}


@dataclass
class Cast:
    """Everybody who plays; each at a screen of their own."""

    candidate: Person
    staff: dict[str, Person]

    @property
    def organisers(self) -> tuple[Person, Person]:
        return self.staff["first"], self.staff["second"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def school(request: pytest.FixtureRequest) -> Installation:
    found: Installation = request.getfixturevalue(f"{request.param}_school")
    return found


def test_a_candidate_goes_the_whole_way_and_a_voter_can_check_it(
    school: Installation, open_screen: Callable[..., Screen], tmp_path: Path
) -> None:
    cast = everybody_signs_up(school, open_screen)
    the_administrator_gives_the_roles(school, cast, open_screen(school))
    papers_are_sealed_and_sittings_opened(cast)
    the_candidate_is_found_suitable(school, cast)
    the_candidate_learns_and_sits_the_exam_through_a_crash(school, cast)
    two_examiners_differ_and_the_adjudicator_decides(cast)
    the_result_is_released_by_two(school, cast, EXAM)
    number = the_certificate_comes(school, cast, tmp_path)
    the_candidate_publishes(cast)
    reader = open_screen(school)
    a_voter_finds_it_and_the_number_is_right(reader, cast, number)
    candidate.withdraw(cast.candidate.screen)
    after_withdrawal_nothing_is_left(reader, cast, number)
    assert school.flask("audit", "verify")
    assert not school.faults()


def everybody_signs_up(school: Installation, open_screen: Callable[..., Screen]) -> Cast:
    """The candidate and all who will work for the school begin in the same way."""
    applicant = Person("Мысалова Айгүл Үлгіқызы", "aigul@village.example", open_screen(school))
    staff = {
        key: Person(name, f"{key}@school.example", open_screen(school))
        for key, (name, _role) in ROLES.items()
    }
    people = [applicant, *staff.values()]
    for person in people:
        sign_up(person)
    for person in people:
        confirm_by_letter(school, person)
    candidate.answer_requirements(applicant.screen)
    candidate.choose_place(applicant.screen, SPELLING, VILLAGE)
    return Cast(applicant, staff)


def the_administrator_gives_the_roles(school: Installation, cast: Cast, screen: Screen) -> None:
    administrator = Person("Әкімов Нұрлан Сынақұлы", "administrator@school.example", screen)
    office.appoint_the_first(school, administrator)
    for key, person in cast.staff.items():
        office.give_role(administrator, person, ROLES[key][1])
        # The rights have changed, so the old session is over.
        sign_in(person)
        set_up_second_factor(person)


def papers_are_sealed_and_sittings_opened(cast: Cast) -> None:
    first, second = cast.organisers
    for blueprint, title in (("suitability", TEST), ("exam", EXAM)):
        paper = organiser.seal_a_paper(first, second, blueprint)
        organiser.open_sitting(second, paper, title)
    for key in ("strict", "mild", "third"):
        organiser.note_district(first, cast.staff[key], OTHER_DISTRICT)


def the_candidate_is_found_suitable(school: Installation, cast: Cast) -> None:
    screen = cast.candidate.screen
    attempt.start(screen, "suitability")
    attempt.answer_all(school, screen)
    assert attempt.finish(screen)
    for key in ("strict", "mild"):
        for _ in range(TEXTS):
            examiner.mark_next(cast.staff[key], level=3, candidate=cast.candidate)
    the_result_is_released_by_two(school, cast, TEST)


def the_candidate_learns_and_sits_the_exam_through_a_crash(school: Installation, cast: Cast) -> None:
    screen = cast.candidate.screen
    assert candidate.learn_everything(screen) == LESSONS
    attempt.start(screen, "exam")

    def crash(position: int, answers: Fields) -> None:
        if position == CRASH_AT:
            attempt.live_through_a_crash(school, screen, position, answers)

    attempt.answer_all(school, screen, before=crash)
    assert attempt.finish(screen)
    assert f"{QUESTIONS} / {QUESTIONS}" in screen.find("main").inner_text()


def two_examiners_differ_and_the_adjudicator_decides(cast: Cast) -> None:
    for key, level in (("strict", 1), ("mild", 4)):
        for _ in range(TEXTS):
            examiner.mark_next(cast.staff[key], level=level, candidate=cast.candidate)
    for _ in range(TEXTS):
        examiner.settle_next(cast.staff["third"], level=3, candidate=cast.candidate)


def the_result_is_released_by_two(school: Installation, cast: Cast, title: str) -> None:
    """Also: the letter tells the candidate, without saying what the result is."""
    had = len(school.letters(cast.candidate.email))
    organiser.release(*cast.organisers, title)
    letter = letter_of(school, cast.candidate.email, number=had + 1)
    assert f"{school.url}/kk/" in letter


def the_certificate_comes(school: Installation, cast: Cast, folder: Path) -> str:
    number, text = candidate.download_certificate(cast.candidate, folder)
    assert cast.candidate.name in " ".join(text.split())
    assert number in "".join(text.split())
    assert school.url.removeprefix("http://") in text
    return number


def the_candidate_publishes(cast: Cast) -> None:
    first, _second = cast.organisers
    organiser.take_list_over(first, VILLAGE, [cast.candidate.name, STRANGER])
    organiser.tie(first, cast.candidate)
    candidate.publish_exam(cast.candidate)


def a_voter_finds_it_and_the_number_is_right(reader: Screen, cast: Cast, number: str) -> None:
    voter.find_village(reader, SPELLING, VILLAGE)
    voter.open_candidate(reader, STRANGER)
    assert not voter.has_results(reader)
    reader.page.go_back()
    voter.open_candidate(reader, cast.candidate.name)
    assert voter.has_results(reader)
    assert voter.is_confirmed(reader, number)
    assert not voter.is_confirmed(reader, never_issued(number))
    voter.ensure_no_cookies(reader)


def never_issued(number: str) -> str:
    """Return a number that is well written, and that no certificate has."""
    digits = f"{(int(number[:-1]) + 1) % 10 ** (len(number) - 1):011}"
    return digits + check_digit(digits)


def after_withdrawal_nothing_is_left(reader: Screen, cast: Cast, number: str) -> None:
    """The same reader, in the same browser, sees the page of those who publish nothing, at once."""
    assert not voter.is_confirmed(reader, number)
    voter.find_village(reader, SPELLING, VILLAGE)
    voter.open_candidate(reader, cast.candidate.name)
    assert not voter.has_results(reader)
    assert reader.has("h2")
