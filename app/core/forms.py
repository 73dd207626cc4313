"""The one base of all forms: strict about what comes in, typed about what goes out."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Self

from flask import abort, request
from flask_wtf import FlaskForm

from app.core.errors import Refused
from app.core.languages import say

CSRF_FIELD = "csrf_token"


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form that refuses fields it does not know and values given twice."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types
        """What Flask-WTF asks of a form, but never JSON: a form is what a page sends."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:  # noqa: ANN401 - as Flask-WTF has it
            """Return the fields of the request."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

    def submitted(self) -> bool:
        """Tell whether this request sent the form and every field is right.

        An unknown or doubled field is not a person's mistake: it ends the request with 400.
        """
        if not self.is_submitted():
            return False
        many = {name for name, field in self._fields.items() if getattr(field, "takes_many", False)}
        sent: Iterable[tuple[str, Sequence[object]]] = (*request.form.lists(), *request.files.lists())
        for name, values in sent:
            if name not in self._fields or (len(values) > 1 and name not in many):
                abort(HTTPStatus.BAD_REQUEST)
        return bool(self.validate())

    def read(self) -> dict[str, Any]:
        """Return the values by field, without the token and the buttons."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if name != CSRF_FIELD and field.type != "SubmitField"
        }

    def refuse(self, name: str, refusal: Refused) -> None:
        """Put a rule's refusal under the field `name`, in the language of the request."""
        field = self._fields[name]
        field.errors = [*field.errors, say(refusal)]

    @classmethod
    def from_request(cls, **defaults: object) -> Self:
        """Return the form as this request filled it, else with `defaults`."""
        return cls(data=defaults or None)


class Press(Form):
    """A form that is only its button."""
