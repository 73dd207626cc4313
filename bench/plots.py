"""Small line charts as SVG, with the machine and its load written under them."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 50, 80
COLOURS = ("#00606b", "#a8501b", "#5b5b8c", "#6b6b6b")
DASHES = ("", "7 4", "2 3", "10 3 2 3")
TICKS = 5


def chart(
    title: str,
    series: Mapping[str, Points],
    *,
    across: str,
    upwards: str,
    remark: str,
    limit: tuple[str, float] | None = None,
) -> str:
    """Return a chart of lines from zero; told apart by colour, dash and a name at their end.

    Args:
        series: points by name, each from left to right.
        across: what the horizontal axis counts.
        upwards: what the vertical one counts.
        remark: stands under the chart.
        limit: name and height of a line that must not be passed.
    """
    highest = _round_up(
        max([y for points in series.values() for _, y in points] + ([limit[1]] if limit else []))
    )
    widest = _round_up(max(x for points in series.values() for x, _ in points))
    place = _Place(widest, highest)
    parts = [_text(LEFT, 24, title, size=17, weight="bold"), *_axes(place, across, upwards)]
    if limit:
        y = place.y(limit[1])
        parts += [
            _line(LEFT, y, WIDTH - RIGHT, y, colour="#b3261e", dash="4 4"),
            _text(WIDTH - RIGHT + 8, y + 4, limit[0]),
        ]
    for number, (name, points) in enumerate(series.items()):
        parts += _series(place, name, points, COLOURS[number % 4], DASHES[number % 4])
    parts.append(_text(LEFT, HEIGHT - 12, remark, size=12))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="13" fill="#222"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def write(file: Path, picture: str) -> None:
    """Write a chart where the documents look for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(picture, encoding="utf-8")


class _Place:
    """Where a value lies on the picture."""

    def __init__(self, widest: float, highest: float) -> None:
        self.widest, self.highest = widest, highest

    def x(self, value: float) -> float:
        return LEFT + value / self.widest * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value / self.highest * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """Return the next value that five steps divide well."""
    step = 1.0
    while True:
        for times in (1, 2, 5):
            if step * times * TICKS >= value:
                return step * times * TICKS
        step *= 10


def _axes(place: _Place, across: str, upwards: str) -> list[str]:
    parts = []
    for number in range(TICKS + 1):
        x, y = place.widest * number / TICKS, place.highest * number / TICKS
        parts += [
            _line(LEFT, place.y(y), WIDTH - RIGHT, place.y(y), colour="#ddd"),
            _text(LEFT - 8, place.y(y) + 4, f"{y:,.0f}", anchor="end"),
            _text(place.x(x), HEIGHT - BOTTOM + 20, f"{x:,.0f}", anchor="middle"),
        ]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 42, across, anchor="middle"))
    parts.append(_text(LEFT, TOP - 8, upwards))
    return parts


def _series(place: _Place, name: str, points: Points, colour: str, dash: str) -> list[str]:
    at = [(place.x(x), min(max(place.y(y), TOP - 4), HEIGHT - BOTTOM)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in at]
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
    return [drawn, *dots, _text(at[-1][0] + 8, at[-1][1] + 4, name, colour=colour)]


def _line(x: float, y: float, to_x: float, to_y: float, *, colour: str, dash: str = "") -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" '
        f'stroke-dasharray="{dash}"/>'
    )


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    anchor: str = "start",
    colour: str = "#222",
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(words)}</text>'
    )
