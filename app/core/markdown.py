"""Markdown to clean HTML: the one place where text becomes markup."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
LONGEST = 60_000


def render(text: str) -> Markup:
    """Return `text` as HTML: no raw HTML, links to http(s) and mail only, tables in a scrolling region.

    Raises:
        ValueError: the text is longer than any lesson.
    """
    if len(text) > LONGEST:
        message = f"a text of {len(text)} signs"
        raise ValueError(message)
    clean = nh3.clean(
        _PARSER.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    # A wide table must scroll inside itself, reachable by keyboard.
    clean = clean.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return Markup(clean)  # noqa: S704 - just cleaned by an allow-list


def stored_html(html: str) -> Markup:
    """Mark as HTML what `render` made when a lesson was loaded, and nothing else has touched since."""
    return Markup(html)  # noqa: S704 - written to the table by `render` alone
