"""A longer text, marked by people."""

from app.items.types.written import Written, WrittenBody


class Essay(Written):
    """An answer of several paragraphs."""

    key = "essay"
    body_model = WrittenBody
