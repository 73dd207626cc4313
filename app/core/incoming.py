"""What comes in is refused before anybody reads it when it is no text, no form or no JSON that we take."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """JSON as Flask reads it; what is nested too deep is malformed, and not a fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """Return what the text holds."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            message = "nested too deep"
            raise ValueError(message) from error


def init_app(app: Flask) -> None:
    """Look at each request before its token is looked for."""
    app.json = Json(app)

    @app.before_request
    def refuse_what_nobody_types() -> None:
        # PostgreSQL keeps no null character, wherever it came from.
        if "\0" in request.path:
            abort(HTTPStatus.NOT_FOUND)
        # A part of a form may come without a name, whatever Werkzeug's types say.
        sent: Iterable[tuple[str | None, list[str]]] = (*request.args.lists(), *request.form.lists())
        for name, values in sent:
            if name is None or any("\0" in text for text in (name, *values)):
                abort(HTTPStatus.BAD_REQUEST)
