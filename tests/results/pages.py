"""What the tests of result pages do again and again."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.results.models import Appeal, Result
from tests.marking.papers import ESSAY
from tests.pages import Browser
from tests.results.released import provisional, release

SignIn = Callable[..., Browser]
Work = Callable[[Callable[[Session], object]], object]
FAILING = {1: "b", 2: "b", 3: ESSAY}
REASON = {"reason": "1-сұрақ: жауап заңның 35-бабынан шығады."}
ANSWER = {"answer": "Заңның мәтінін қарадық: жауабыңыз дұрыс."}
NAME = "Канареева Құпия"


def released(work: Work, person_id: int, kind: str = "exam", **values: object) -> str:
    """Release a result of the person; return its public id."""

    def act(session: Session) -> str:
        made = provisional(session, kind, person_id=person_id, **values)  # type: ignore[arg-type]
        return str(release(session, made).public_id)

    return str(work(act))


def appealed(work: Work, browser: Browser) -> str:
    """Release a result that is not passed, and file an appeal; return the appeal's public id."""
    public_id = released(work, browser.person_id, answers=FAILING)
    assert browser.post(f"/en/results/{public_id}", REASON).status == 303
    return str(work(lambda session: session.scalars(select(Appeal.public_id)).one()))


def hash_on(html: str) -> str:
    return html.split('name="content_hash" value="')[1].split('"', maxsplit=1)[0]


def versions(work: Work) -> list[str]:
    found = work(
        lambda session: session.scalars(select(Result.public_id).order_by(Result.number.desc())).all()
    )
    assert isinstance(found, list)
    return [str(one) for one in found]
