"""Pages of items, for authors; and the folder of types as a source of templates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import shorten
from typing import cast

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader

from app.core import access
from app.core.database import db
from app.core.languages import COMPETENCIES, competency, current, gettext
from app.items import labels, service, types
from app.items.models import ItemVersion
from app.items.service import Filters, Wording

LONGEST_ASK = 120

pages = Blueprint("items", __name__)
# A type is one folder with its own template in it (`<key>/question.html`), so there are two sources.
pages.jinja_loader = ChoiceLoader(
    [
        FileSystemLoader(Path(__file__).parent / "templates"),
        FileSystemLoader(Path(types.__file__).parent),
    ]
)


@dataclass(frozen=True)
class Choice:
    """One filter of the list: what may be chosen, as (value, text), and what is."""

    name: str
    label: str
    chosen: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """One item in the list.

    Attributes:
        is_shut: a sealed paper holds its words: there is nothing to follow.
    """

    key: str
    is_shut: bool
    ask: str
    type: str
    topic: str
    competency: str
    level: str
    number: int


@pages.get("/bank")
def bank() -> ResponseReturnValue:
    session = db.session()
    filters = Filters(**{name: request.args.get(name, "") for name in ("use", "topic", "type", "competency")})
    start = max(0, min(request.args.get("start", 0, type=int), service.MOST_ROWS))
    items, total = service.listed(session, filters, start=start)
    said = service.wordings_of(session, [item.current for item in items if item.current])
    return render_template(
        "items/bank.html",
        rows=[_row(item.key, item.current, said.get(item.current.id)) for item in items if item.current],
        total=total,
        choices=_choices(filters, service.topics(session)),
        is_narrowed=filters != Filters(),
        earlier=_list_from(filters, max(0, start - service.PAGE)) if start else "",
        later=_list_from(filters, start + service.PAGE) if total > start + service.PAGE else "",
    )


def _row(key: str, version: ItemVersion, wording: Wording | None) -> Row:
    said = version.content
    type_name, level_name = labels.TYPES[version.type], labels.LEVELS[said["level"]]
    return Row(
        key=key,
        is_shut=wording is None,
        ask=_ask(wording) if wording else gettext("In a sealed paper"),
        type=gettext(type_name),
        topic=said["topic"],
        competency=competency(said["competency"]),
        level=gettext(level_name),
        number=version.number,
    )


def _ask(wording: Wording) -> str:
    return shorten(wording.content["stem"][current()].split("\n\n")[-1], LONGEST_ASK, placeholder=" …")


def _choices(filters: Filters, topics: list[str]) -> list[Choice]:
    return [
        Choice("use", gettext("Used for"), filters.use, _named(labels.USES)),
        Choice("topic", gettext("Topic"), filters.topic, [(topic, topic) for topic in topics]),
        Choice("type", gettext("Type"), filters.type, _named(labels.TYPES)),
        Choice("competency", gettext("Competency"), filters.competency, _named(COMPETENCIES)),
    ]


def _named(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, gettext(name)) for key, name in names.items()]


def _list_from(filters: Filters, start: int) -> str:
    chosen = {name: value for name, value in asdict(filters).items() if value}
    return url_for(".bank", **chosen, start=start)


@pages.get("/bank/<string:key>")
def item(key: str) -> ResponseReturnValue:
    session = db.session()
    found = service.get(session, key)
    access.note(item=found.key)
    wording = service.wording_of(session, cast("ItemVersion", found.current))
    content = wording.content
    return render_template(
        "items/item.html",
        item=found,
        content=content,
        view=service.shown(wording, current()),
        versions=service.versions_of(session, found),
        acts=current_app.extensions["acts"],
        labels={name: gettext(text) for name, text in _names_of(content).items()},
    )


def _names_of(content: Mapping[str, str]) -> dict[str, str]:
    return {
        "type": labels.TYPES[content["type"]],
        "use": labels.USES[content["use"]],
        "level": labels.LEVELS[content["level"]],
        "difficulty": labels.DIFFICULTIES[content["difficulty"]],
    }
