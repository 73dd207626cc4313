"""A few sentences, marked by people."""

from app.items.types.written import Written, WrittenBody


class ShortText(Written):
    """A short answer in a few sentences."""

    key = "short_text"
    body_model = WrittenBody
