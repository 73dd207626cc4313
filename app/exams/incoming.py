"""What the page of an attempt may send: its script, and its plain form. Pure."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.core.content import Strict
from app.items.types.base import Form

LARGEST = 2**31 - 1
MOST_EVENTS = 50
FieldName = Annotated[str, StringConstraints(pattern=r"^answer(-[a-z][a-z0-9]{0,19})?$")]
Client = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


def _is_text(value: str) -> str:
    # JSON can hold half a surrogate pair, which is no text that could be kept.
    value.encode()
    return value


Count = Annotated[int, Field(ge=0, le=LARGEST)]
Value = Annotated[str, AfterValidator(_is_text)]


class Sent(Strict):
    """One answer as the page's fields hold it.

    Attributes:
        client: random, made anew by every page that is opened.
        sequence: the client's own count, from 1.
        lease: under which it was typed; null where the page had none yet.
        fields: all values by name, as a plain form would send them.
    """

    client: Client
    sequence: Annotated[int, Field(ge=1, le=LARGEST)]
    position: Annotated[int, Field(ge=1, le=LARGEST)]
    lease: Count | None = None
    fields: dict[FieldName, Annotated[list[Value], Field(max_length=50)]]


@dataclass(frozen=True)
class FormAnswer:
    """What a plain page holds for one item.

    Attributes:
        fields: all values by name, without the item's position.
        shown: number of the event that the page showed as the answer, 0 for none.
    """

    fields: Form
    shown: int


class Batch(Strict):
    """What goes in one request.

    Attributes:
        client: the page that sends.
        device: made once per browser and attempt.
        lease: what the page holds; null when it has none yet.
        take: the page asks for the lease.
        waiting: how many answers still wait on the device.
        outage: whole seconds without contact that end with this request, as the device counted them.
        events: oldest first.
    """

    client: Client | None = None
    device: Client | None = None
    lease: Count | None = None
    take: bool = False
    waiting: Count = 0
    outage: Count | None = None
    events: Annotated[list[Sent], Field(max_length=MOST_EVENTS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_itself(self) -> Self:
        if self.take and (self.client is None or self.device is None):
            message = "whoever takes a lease names page and device"
            raise ValueError(message)
        return self
