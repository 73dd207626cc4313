"""Markdown to clean HTML: the one place where text becomes markup.

Beside Markdown a text may hold three marks of ours: `![](figure:name)` alone in its paragraph, `[word](term:key)`,
and a block quote that begins with `[!2026]`: what an older textbook says otherwise.
"""

import re
from collections.abc import Mapping
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
LONGEST = 60_000


FIGURE = re.compile(r"^!\[\]\(figure:([a-z0-9-]+)\)$", re.MULTILINE)
TERM = re.compile(r"\]\(term:([a-z0-9-]+)\)")
CHANGED = re.compile(r"^> \[!2026\] ", re.MULTILINE)
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_TERM_LINK = re.compile(r'<a href="term:([a-z0-9-]+)"')
_CHANGED = re.compile(r"<blockquote>\s*<p>\[!2026\] (.*?)</blockquote>", re.DOTALL)


def render(text: str, *, figures: Mapping[str, str] | None = None, changed: str = "2026") -> Markup:
    """Return `text` as HTML: no raw HTML, links to http(s) and mail only, tables in a scrolling region.

    Args:
        text: Markdown.
        figures: drawings by name, markup of our own; a figure that is not among them is left out.
        changed: what stands above a note on what changed in 2026.

    Raises:
        ValueError: the text is longer than any lesson.
    """
    if len(text) > LONGEST:
        message = f"a text of {len(text)} signs"
        raise ValueError(message)
    # Text and names of figures take turns.
    pieces = FIGURE.split(text)
    html = "".join(
        (figures or {}).get(piece, "") if place % 2 else _clean(piece) for place, piece in enumerate(pieces)
    )
    html = _with_terms(html)
    html = _CHANGED.sub(
        lambda match: f'<aside class="changed"><p class="strong">{escape(changed)}</p><p>{match[1]}</aside>',
        html,
    )
    return Markup(html)  # noqa: S704 - each piece was cleaned by an allow-list or drawn by us


def _clean(text: str) -> str:
    # A number of several groups stays on one line.
    clean = nh3.clean(
        _PARSER.render(_THOUSANDS.sub("\u00a0", text)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "term"},
        link_rel="noopener",
    )
    # A wide table must scroll inside itself, reachable by keyboard.
    return clean.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )


def _with_terms(html: str) -> str:
    """Lead each glossary word to its explanation at the end of the page; the first one can be returned to."""
    seen: set[str] = set()

    def link(match: re.Match[str]) -> str:
        key = match[1]
        back = "" if key in seen else f' id="word-{key}"'
        seen.add(key)
        return f'<a class="term" href="#term-{key}"{back}'

    return _TERM_LINK.sub(link, html)


def without_marks(html: str) -> str:
    """Return what `render` made as plain text on one line, without its figures."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<figure.*?</figure>", " ", html, flags=re.DOTALL))
    return " ".join(unescape(text).split())


def stored_html(html: str) -> Markup:
    """Mark as HTML what `render` made when a lesson was loaded, and nothing else has touched since."""
    return Markup(html)  # noqa: S704 - written to the table by `render` alone
