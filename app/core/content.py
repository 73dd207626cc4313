"""What content files are made of: strict models, texts in three languages, and faults in words. Pure."""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Unreadable(ValueError):  # noqa: N818 - named after the reason, as all are
    """A file is not YAML in UTF-8."""


def read_yaml(path: Path) -> object:
    """Return what a YAML file (1.2) holds.

    Raises:
        Unreadable: it is not UTF-8, not YAML, or names a key twice.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error


def parse_yaml(text: str) -> object:
    """Return what a YAML text (1.2) holds.

    Raises:
        Unreadable: it is not YAML, or names a key twice.
    """
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        message = f"{line}{error.problem}"
        raise Unreadable(message) from error
    except (YAMLError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())) from error


Model = TypeVar("Model", bound="Strict")


def read_entries(path: Path, model: type[Model]) -> tuple[dict[Any, Model], list[str]]:
    """Return the sound entries of a file that is a list by key, and every problem of it in words."""
    try:
        raw = read_yaml(path)
    except (Unreadable, OSError) as error:
        return {}, [str(error)]
    if not isinstance(raw, dict):
        return {}, ["file: is not a list of entries by key"]
    entries: dict[Any, Model] = {}
    problems: list[str] = []
    for key, entry in raw.items():
        try:
            entries[key] = model.model_validate(entry)
        except ValidationError as error:
            problems += [f"{key}.{fault}" for fault in faults(error)]
    return entries, problems


def _says_something(text: str) -> str:
    if not text.strip():
        message = "is empty"
        raise ValueError(message)
    return text


Words = Annotated[str, AfterValidator(_says_something)]
"""A text in one language that is not empty."""


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""What files call an item, a lesson, a rule, an option."""


class Strict(BaseModel):
    """What a content file may hold: nothing unknown, nothing guessed, never changed once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Text(Strict):
    """One text in every language."""

    kk: Words
    ru: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]


def faults(error: ValidationError) -> list[str]:
    """Return one line for each fault that pydantic found: where in the file, and what."""
    return [_fault([str(part) for part in one["loc"]], one["msg"]) for one in error.errors(include_url=False)]


def _fault(where: list[str], what: str) -> str:
    if what == "Field required":
        what = "is missing"
    if what == "Extra inputs are not permitted":
        what = "is not known here"
    return f"{'.'.join(where) or 'file'}: {what.removeprefix('Value error, ')}"
