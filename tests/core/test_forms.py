import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from wtforms import StringField
from wtforms.validators import InputRequired

from app.core.errors import Refused
from app.core.forms import Form, Press


class NameForm(Form):
    """One field."""

    name = StringField(validators=[InputRequired()])


class Odd(Refused):
    message = "The name is odd."


@pytest.fixture
def without_token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, name="WTF_CSRF_ENABLED", value=False)
    return app


def filled(app: Flask, *fields: tuple[str, str]) -> tuple[bool, NameForm]:
    with app.test_request_context("/en/", method="POST", data=MultiDict(fields)):
        form = NameForm.from_request()
        return form.submitted(), form


def test_reads_typed_values_without_token_and_buttons(without_token: Flask) -> None:
    sent, form = filled(without_token, ("name", "Айгүл"))

    assert sent
    assert form.read() == {"name": "Айгүл"}


def test_a_missing_value_is_the_persons_to_correct(without_token: Flask) -> None:
    sent, form = filled(without_token, ("name", ""))

    assert not sent
    assert "name" in form.errors


@pytest.mark.parametrize("fields", [[("name", "a"), ("role", "b")], [("name", "a"), ("name", "b")]])
def test_an_unknown_or_doubled_field_is_not(without_token: Flask, fields: list[tuple[str, str]]) -> None:
    with pytest.raises(BadRequest):
        filled(without_token, *fields)


def test_a_refusal_stands_under_its_field(app: Flask) -> None:
    with app.test_request_context("/en/"):
        form = NameForm(formdata=None)
        form.refuse("name", Odd())

        assert form.errors == {"name": ["The name is odd."]}


def test_a_form_that_was_not_sent_is_not_submitted(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert not Press.from_request().submitted()
        assert NameForm.from_request(name="Айгүл").name.data == "Айгүл"
