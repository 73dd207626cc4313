"""What the script of an attempt's page may send. Pure."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.core.content import Strict

LARGEST = 2**31 - 1
MOST_EVENTS = 50
FieldName = Annotated[str, StringConstraints(pattern=r"^answer(-[a-z][a-z0-9]{0,19})?$")]
Client = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


def _is_text(value: str) -> str:
    # JSON can hold half a surrogate pair, which is no text that could be kept.
    value.encode()
    return value


Value = Annotated[str, AfterValidator(_is_text)]


class Sent(Strict):
    """One answer as the page's fields hold it.

    Attributes:
        client: random, made anew by every page that is opened.
        sequence: the client's own count, from 1.
        fields: all values by name, as a plain form would send them.
    """

    client: Client
    sequence: Annotated[int, Field(ge=1, le=LARGEST)]
    position: Annotated[int, Field(ge=1, le=LARGEST)]
    fields: dict[FieldName, Annotated[list[Value], Field(max_length=50)]]


class Batch(Strict):
    """What goes in one request, oldest first."""

    events: Annotated[list[Sent], Field(min_length=1, max_length=MOST_EVENTS)]
