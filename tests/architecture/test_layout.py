"""The rules of the house that a machine can hold: where what stands. Each failure says what to do."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import grimp
import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
ROOMS = (
    "accounts", "audit", "places", "candidacy", "items", "training", "exams", "marking", "results",
    "certificates", "publication",
)  # fmt: skip
WEB_OR_DATABASE = re.compile(r"(flask|sqlalchemy|werkzeug|wtforms|alembic|huey)(_\w+)?(\.|$)")
RESERVED = r"models|service|views|forms|cli"
NOT_PURE = re.compile(rf"app\.({'|'.join(ROOMS)})\.({RESERVED})(\.|$)")
# What every room stands on and the rules may use; the rest of the core touches the web or the database.
PURE_CORE = (
    "alphabet",
    "content",
    "errors",
    "figures",
    "glossary",
    "permissions",
    "settings",
    "sources",
    "svg",
    "wording",
)
# The words that say nothing: such a module has no boundary and grows.
NO_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager", "shared", "tools"})
CLOCKS = re.compile(r"^(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")

# The clock itself; and what counts requests by the minute before the database is asked: no deadline hangs on it.
READ_THE_TIME = frozenset({"app/core/clock.py", "app/core/budgets.py"})


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", include_external_packages=True)


def pure() -> list[str]:
    files = [path for room in ROOMS for path in sorted((APP / room).rglob("*.py"))]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    names = [module.removesuffix(".__init__") for module in modules]
    return [module for module in names if not NOT_PURE.match(module)] + [
        f"app.core.{one}" for one in PURE_CORE
    ]


def sources() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in APP.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", pure())
def test_plain_modules_are_pure(module: str) -> None:
    reached = {up for up in graph().find_upstream_modules(module) if WEB_OR_DATABASE.match(up)}

    assert not reached, f"{module} reaches {reached}: move that part to service.py, models.py or views.py"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_the_database_module_commits(path: Path) -> None:
    # The second is the driver's own connection, whose commit is the one that the first asks for.
    if name(path) in {"app/core/database.py", "app/core/turns.py"}:
        return
    found = [call for call in calls(path) if call.endswith(".commit")]

    assert not found, (
        f"{name(path)} commits: a request is one transaction; elsewhere use database.unit_of_work"
    )


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if name(path) in READ_THE_TIME:
        return
    found = [call for call in calls(path) if CLOCKS.match(call) or CLOCKS.match(call.partition(".")[2])]

    assert not found, f"{name(path)} reads {found}: take `now` as an argument; views ask clock.now()"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_names_of_modules_say_what_they_know(path: Path) -> None:
    assert path.stem not in NO_NAMES, f"{name(path)}: name it after what it knows"
    assert path.stem not in sys.stdlib_module_names, f"{name(path)}: the standard library has this name"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_begins_with_one_sentence(room: str) -> None:
    body = tree(APP / room / "__init__.py").body

    assert len(body) == 1, f"app/{room}/__init__.py: one sentence and no imports, else rooms become a knot"
    assert ast.get_docstring(ast.Module(body, []))


@pytest.mark.parametrize("room", ROOMS)
def test_pages_of_a_room_stand_in_its_own_folder(room: str) -> None:
    folder = APP / room / "templates"
    strays = [
        name(path) for path in folder.rglob("*") if path.is_file() and folder / room not in path.parents
    ]

    assert not strays, f"{strays}: templates of a room are addressed as {room}/page.html"


class Words(HTMLParser):
    """Collects what a person would read: texts, and attributes that are read aloud or shown."""

    READ = frozenset({"alt", "title", "placeholder", "aria-label", "label", "content"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        if tag != "meta":
            self.found += [value for key, value in attrs if key in self.READ and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def bare_words(path: Path) -> list[str]:
    """Return the words of a template that no catalogue can hold."""
    kept = _without_marks(path.read_text(encoding="utf-8"))
    if path.suffix == ".txt":
        texts = [kept]
    else:
        reader = Words()
        reader.feed(kept)
        texts = reader.found
    return [text.strip() for text in texts if re.search(r"[^\W\d_]{2,}", text)]


def _without_marks(source: str) -> str:
    # What the lexer calls data is what reaches a page as it is.
    lexer = Environment(autoescape=True)
    return "".join(text for _, kind, text in lexer.lex(source) if kind == "data")


# What is the same in every language: addresses, hosts, and pieces of attributes that a macro prints.
NO_WORDS = re.compile(r"/[\w/-]+|\w+(\.\w+)+|[\w-]+=\"\"|-\w+")


@pytest.mark.parametrize("path", templates(), ids=name)
def test_every_word_of_a_template_is_in_the_catalogues(path: Path) -> None:
    found = [text for text in bare_words(path) if re.search(r"[^\W\d_]{2,}", NO_WORDS.sub("", text))]

    assert not found, f"{name(path)}: put {found} through _()"


@pytest.mark.parametrize("path", [path for path in templates() if path.suffix == ".html"], ids=name)
def test_templates_have_nothing_inline_and_nothing_unescaped(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", source), (
        f"{name(path)}: the policy forbids it"
    )
    assert not re.search(r"\|\s*safe\b|autoescape", source), (
        f"{name(path)}: only core/markdown.py makes markup"
    )
