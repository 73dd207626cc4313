"""Static files: compressed once at start, addressed by the hash of them all, kept by browsers for a year."""

import gzip
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from app.core.settings import Settings

SOURCE = Path(__file__).parent / "static"
TEXTUAL = frozenset({".css", ".js", ".svg", ".json", ".txt"})


def init_app(app: Flask, settings: Settings) -> None:
    """Serve the static files and give templates `asset(path)`."""
    version = _version()
    folder = _build(settings.instance / "static", version)
    prefix = f"/static/{version}/"
    files = WhiteNoise(app.wsgi_app, max_age=60)
    files.immutable_file_test = lambda _path, url: url.startswith(prefix)
    files.add_files(str(folder), prefix=prefix)
    app.wsgi_app = files  # type: ignore[method-assign]
    app.add_template_global(lambda path: prefix + path, "asset")


def text(path: str) -> str:
    """Return a static file as text, for a page that is to be read without network."""
    return (SOURCE / path).read_text(encoding="utf-8")


def lean(script: bytes) -> bytes:
    """Return a script without the lines that are for its reader alone, and without its indentation."""
    lines = (line.strip() for line in script.decode().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**"))).encode()


def _files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*") if path.is_file())


def _version() -> str:
    total = sha256()
    for path in _files():
        total.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:12]


def _build(parent: Path, version: str) -> Path:
    """Return the folder with every file and its compressed forms, made if it is not there yet."""
    target = parent / version
    if target.exists():
        return target
    parent.mkdir(parents=True, exist_ok=True)
    # Several processes may start at once: each builds aside, the first rename wins.
    aside = Path(mkdtemp(dir=parent, prefix="new-"))
    for source in _files():
        copy = aside / source.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        if source.suffix == ".js":
            content = lean(content)
        copy.write_bytes(content)
        if source.suffix in TEXTUAL:
            copy.with_name(copy.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
            copy.with_name(copy.name + ".br").write_bytes(brotli.compress(content, quality=11))
    try:
        aside.rename(target)
    except OSError:
        if not target.exists():
            raise
    return target
