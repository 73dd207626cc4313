"""The scenes, played through the services as people would; nothing is written to a table past them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Person
from app.candidacy import requirements
from app.candidacy import service as candidacy
from app.core import clock
from app.core.permissions import Actor
from app.demo.cast import LEADER, PASSWORD, STAFF, STRANGERS, TEAM, WALKERS, Stage, Walker
from app.demo.sitting import sit
from app.demo.stagehand import TITLES, Stagehand
from app.exams import service as exams
from app.exams.models import Attempt, Paper, Sitting
from app.exams.service.opening import opened
from app.marking import service as marking
from app.marking.models import Marking, Script
from app.publication import service as publication
from app.results import service as results
from app.results.models import Result
from app.training import service as training

DAY = timedelta(days=1)
LEVELS = {"good": 3, "poor": 1}
SOURCE = "https://example.org/commission-list"
WORDS = ("The demonstration: a made-up person agrees.",)


# -- accounts, places, papers -------------------------------------------------------------------------


def _accounts(session: Session, hand: Stagehand) -> None:
    for player in (*STAFF, *(walker.player for walker in WALKERS), *TEAM):
        accounts.create_person(
            session,
            email=hand.email(player),
            name=player.name,
            language=player.language,
            password=PASSWORD,
            now=hand.now - 100 * DAY,
            roles=[player.role],
            confirmed=True,
        )


def _places(session: Session, hand: Stagehand) -> None:
    """Note where examiners live and where candidates want to stand, and answer the requirements."""
    for player in STAFF:
        if player.role in {"examiner", "adjudicator"}:
            person = session.get_one(Person, hand.actors[player.key].person_id)
            marking.note_district(session, person.public_id, hand.elsewhere, now=hand.now)
    first = requirements.load().rules[0]
    for walker in WALKERS:
        actor = hand.actors[walker.player.key]
        candidacy.choose_place(session, actor, hand.units[walker.unit], now=hand.now - 95 * DAY)
        answers = {first.key: first.options[0].key} if walker.stage is Stage.SIGNED_UP else _good_answers()
        candidacy.answer(session, actor, answers, now=hand.now - 95 * DAY)


def _good_answers() -> dict[str, str]:
    """Answer each rule so that it is met, else so that a paper must be shown."""
    found = {}
    for rule in requirements.load().rules:
        best = min(rule.options, key=lambda option: ("met", "show", "not_met").index(option.outcome))
        found[rule.key] = best.key
    return found


def _papers_and_sittings(session: Session, hand: Stagehand) -> None:
    one, other = hand.actors["organiser-1"], hand.actors["organiser-2"]
    begun = hand.now - 90 * DAY
    tests = [_sealed(session, "suitability", form, one, other, begun) for form in (1, 2)]
    papers = [_sealed(session, "exam", form, one, other, begun) for form in (1, 2, 3)]
    waiting = exams.draw(session, one, "exam", seed="exam", form=4, now=hand.now)
    exams.propose(session, one, waiting.public_id, content_hash=waiting.content_hash, now=hand.now)

    def open_one(key: str, chosen: Sequence[Paper], opens: datetime, closes: datetime) -> None:
        exams.open_sitting(
            session, one, title=TITLES[key], papers=[paper.public_id for paper in chosen],
            opens_at=opens, closes_at=closes, place_kato=None, now=opens,
        )  # fmt: skip

    open_one("suitability", tests, begun, hand.now + 120 * DAY)
    open_one("old-exam", papers[:2], hand.now - 40 * DAY, hand.now - 20 * DAY)
    open_one("exam", papers, hand.now - 10 * DAY, hand.now + 120 * DAY)


def _sealed(session: Session, blueprint: str, form: int, one: Actor, other: Actor, now: datetime) -> Paper:
    paper = exams.draw(session, one, blueprint, seed=blueprint, form=form, now=now)
    exams.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=now)
    return exams.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=now)


# -- attempts ------------------------------------------------------------------------------------------


def _suitability(session: Session, hand: Stagehand) -> None:
    for walker in WALKERS:
        if walker.has_suitability:
            weak = {"conflict", "constraint"} if walker.stage is Stage.NOT_YET else set()
            sit(session, hand, walker, "suitability", hand.now - 80 * DAY, weak=weak)


def _suitability_marks(session: Session, hand: Stagehand) -> None:
    tested = frozenset(walker.stage for walker in WALKERS if walker.has_suitability)
    for _, row in _markings(session, hand, tested, "suitability"):
        _give(session, row, LEVELS["good"], hand.now - 79 * DAY)


def _course(session: Session, hand: Stagehand) -> None:
    """Release the suitability results, then let people learn."""
    _release(session, hand, "suitability", hand.now - 78 * DAY)
    for walker in WALKERS:
        if walker.has_learnt:
            _learn(session, hand, walker.player.key, lessons=None)
        if walker.stage is Stage.LEARNING:
            _learn(session, hand, walker.player.key, lessons=3)


def _learn(session: Session, hand: Stagehand, key: str, *, lessons: int | None) -> None:
    actor = hand.actors[key]
    lines = [line.lesson for part in training.outline(session, actor.person_id) for line in part.lines]
    for lesson in lines[:lessons]:
        for check in lesson.checks:
            training.answer_check(
                session, actor, lesson.module_key, lesson.key, check["key"], answer=check["answer"],
                now=hand.now - 60 * DAY,
            )  # fmt: skip
        training.finish(session, actor, lesson.module_key, lesson.key, now=hand.now - 60 * DAY)


def _team(session: Session, hand: Stagehand) -> None:
    for place, player in enumerate(TEAM, start=1):
        token = training.invite(session, hand.actors[LEADER], now=hand.now)
        training.join(session, hand.actors[player.key], token, now=hand.now)
        _learn(session, hand, player.key, lessons=place)


OLD = frozenset({Stage.APPEALED, Stage.RELEASED, Stage.PUBLISHED, Stage.WITHDRAWN})
RECENT = frozenset({Stage.MARKING, Stage.DISPUTED, Stage.PROVISIONAL})


def _exams(session: Session, hand: Stagehand) -> None:
    for walker in WALKERS:
        if walker.stage in OLD:
            is_weak = walker.stage is Stage.APPEALED
            weak = {"functions", "budget"} if is_weak else set()
            sit(session, hand, walker, "old-exam", hand.now - 30 * DAY, weak=weak)
        if walker.stage in RECENT:
            sit(session, hand, walker, "exam", hand.now - 3 * DAY)


def _present(session: Session, hand: Stagehand) -> None:
    """Let two people sit at this moment."""
    for walker in WALKERS:
        if walker.stage is Stage.TESTED:
            sit(session, hand, walker, "suitability", hand.now - timedelta(minutes=6), most=7)
        if walker.stage is Stage.SITTING:
            sit(session, hand, walker, "exam", hand.now - timedelta(minutes=12), most=11)


# -- marks, results --------------------------------------------------------------------------------------


def _markings(
    session: Session, hand: Stagehand, stages: frozenset[Stage], kind: str = "exam"
) -> Iterator[tuple[Walker, Marking]]:
    for walker in WALKERS:
        if walker.stage in stages:
            rows = session.scalars(
                select(Marking)
                .join(Script, Script.id == Marking.script_id)
                .join(Attempt, Attempt.id == Script.attempt_id)
                .join(Sitting, Sitting.id == Attempt.sitting_id)
                .where(
                    Attempt.person_id == hand.actors[walker.player.key].person_id,
                    Sitting.kind == kind,
                    Marking.locked_at.is_(None),
                )
                .order_by(Marking.round)
            )
            yield from ((walker, row) for row in rows.all())


def _give(session: Session, row: Marking, level: int, now: datetime) -> None:
    paper_id = session.get_one(Attempt, row.script.attempt_id).paper_id
    content = opened(session, paper_id)[row.script.position].content
    criteria = [criterion["id"] for criterion in content["body"]["criteria"]]
    given = marking.Given(levels=dict.fromkeys(criteria, level), comment="Негізгі талаптар орындалған.")
    marking.give(session, row, given, now=now)


def _marks_of_old(session: Session, hand: Stagehand) -> None:
    for walker, row in _markings(session, hand, OLD):
        _give(session, row, LEVELS["poor" if walker.stage is Stage.APPEALED else "good"], hand.now - 25 * DAY)


def _release_old(session: Session, hand: Stagehand) -> None:
    _release(session, hand, "old-exam", hand.now - 2 * DAY)
    for walker in WALKERS:
        if walker.stage is Stage.APPEALED:
            actor = hand.actors[walker.player.key]
            result = results.released(session, actor.person_id, "exam")
            if result is not None:
                reason = "Прошу пересмотреть оценку письменного задания: срок и порядок в ответе названы."
                results.file_appeal(session, actor, result, reason, now=hand.now - DAY)


def _release(session: Session, hand: Stagehand, sitting: str, now: datetime) -> None:
    one, other = hand.actors["organiser-1"], hand.actors["organiser-2"]
    public_id = hand.sittings[sitting]
    batch = results.batch_of(session, one, public_id, now=now)
    results.propose(session, one, public_id, batch.content_hash, now=now)
    results.confirm(session, other, public_id, batch.content_hash, now=now)


def _marks_of_now(session: Session, hand: Stagehand) -> None:
    """Leave one script with one mark, one with two that differ, one marked and not released."""
    seen: set[str] = set()
    for walker, row in _markings(session, hand, RECENT):
        is_first = walker.player.key not in seen
        seen.add(walker.player.key)
        if walker.stage is Stage.MARKING and not is_first:
            continue
        differs = walker.stage is Stage.DISPUTED and not is_first
        _give(session, row, LEVELS["poor" if differs else "good"], hand.now - DAY)


# -- lists, consents ----------------------------------------------------------------------------------------


def _lists(session: Session, hand: Stagehand) -> None:
    lines = [(hand.units[walker.unit], walker.player.name) for walker in WALKERS if walker.is_listed]
    lines += [(hand.units[place], name) for place, name in enumerate(STRANGERS)]
    text = "kato,name\n" + "".join(f"{kato},{name}\n" for kato, name in lines)
    today = clock.local(hand.now).date()
    publication.import_list(
        session,
        text.encode(),
        election_day=today + 45 * DAY,
        source=SOURCE,
        source_day=today - 3 * DAY,
        now=hand.now,
    )
    for walker in WALKERS:
        if walker.is_listed:
            entry = next(
                one
                for one in publication.of_place(session, hand.units[walker.unit])
                if one.name == walker.player.name and one.person_id is None
            )
            publication.tie(
                session, hand.actors["organiser-1"], entry.public_id, email=hand.email(walker.player),
                is_checked=True, now=hand.now,
            )  # fmt: skip


def _consents(session: Session, hand: Stagehand) -> None:
    until = clock.local(hand.now).date() + 75 * DAY
    for walker in WALKERS:
        if walker.stage not in {Stage.PUBLISHED, Stage.WITHDRAWN}:
            continue
        actor = hand.actors[walker.player.key]
        for kind in ("suitability", "exam"):
            result = results.released(session, actor.person_id, kind)
            if result is None:
                continue
            consent = publication.publish(
                session, actor, result, parts=_parts(result), until=until, words=WORDS,
                language=walker.player.language, now=hand.now,
            )  # fmt: skip
            if walker.stage is Stage.WITHDRAWN:
                publication.withdraw(session, actor, consent.public_id, now=hand.now)


def _parts(result: Result) -> list[str]:
    return ["score", "sections", "certificate"] if result.kind == "exam" else ["sections"]


SCENES: tuple[Callable[[Session, Stagehand], None], ...] = (
    _accounts, _places, _papers_and_sittings, _suitability, _suitability_marks, _course, _team, _exams, _marks_of_old,
    _release_old, _present, _marks_of_now, _lists, _consents,
)  # fmt: skip
"""In their order; each is played once, in one transaction."""
