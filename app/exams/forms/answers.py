"""What a plain page of an attempt sends."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import abort, request

from app.core.forms import CSRF_FIELD
from app.exams.incoming import LARGEST, MOST_EVENTS, FormAnswer
from app.items.types.base import FIELD, LONGEST_ID

MOST_FIELDS = MOST_EVENTS


@dataclass(frozen=True)
class AnswerFields:
    """What a plain page of an attempt sent.

    Attributes:
        given: what the page holds, by position.
        press: name and value of the button that was pressed; empty where none was.
    """

    given: dict[int, FormAnswer]
    press: tuple[str, str]


_FIELD = re.compile(
    rf"([1-9][0-9]{{0,2}})-({FIELD}(?:-[a-z][a-z0-9]{{0,{LONGEST_ID - 1}}})?|shown)", re.ASCII
)
_POSITION = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


def answer_fields(*buttons: str) -> AnswerFields:
    """Return what this request sent; `buttons` are the names of its buttons. The unknown ends it with 400.

    Names carry their position: 5-answer, 5-answer-a, 5-shown.
    """
    fields: dict[int, dict[str, list[str]]] = {}
    shown: dict[int, int] = {}
    press = ("", "")
    for name, values in request.form.lists():
        if found := _FIELD.fullmatch(name):
            position, kind = int(found[1]), found[2]
            if kind == "shown":
                shown[position] = _event(values)
            else:
                fields.setdefault(position, {})[kind] = values
        elif name in buttons and len(values) == 1 and press == ("", ""):
            press = (name, values[0])
        elif name != CSRF_FIELD or len(values) > 1:
            abort(HTTPStatus.BAD_REQUEST)
    if any(len(found) > MOST_FIELDS for found in fields.values()):
        abort(HTTPStatus.BAD_REQUEST)
    given = {
        position: FormAnswer(fields.get(position, {}), shown.get(position, 0))
        for position in sorted(fields.keys() | shown.keys())
    }
    return AnswerFields(given, press)


def _event(values: list[str]) -> int:
    value = values[0]
    if len(values) > 1 or not (value.isascii() and value.isdecimal()) or int(value) > LARGEST:
        abort(HTTPStatus.BAD_REQUEST)
    return int(value)


def position_of(press: str) -> int | None:
    """Return the position that the value of a button names; None where it names none."""
    return int(press) if _POSITION.fullmatch(press) else None
