"""How long the search of places takes."""

import statistics
import time
from collections.abc import Iterator
from itertools import count

from bench.lines import Line
from bench.stage import Stage

MOST_SEARCH_MS = 50.0
SEARCHES = ("а", "ауыл", "кызыл", "Қызылту", "kyzyltu", "село Кызылту Акмолинская область", "жоқжерайтылмас")
ROUNDS, TIMES = 5, 5


def search(scene: Stage) -> Iterator[Line]:
    """Measure the search of places, the slowest of several spellings."""
    client, numbers = scene.app.test_client(), count()
    spans: dict[str, list[float]] = {words: [] for words in SEARCHES}
    for _ in range(ROUNDS):
        for words, kept in spans.items():
            for _ in range(TIMES):
                number = next(numbers)
                begun = time.perf_counter()
                found = client.get(
                    "/kk/places/search",
                    query_string={"q": words},
                    environ_overrides={"REMOTE_ADDR": f"198.51.{number // 250 % 250}.{number % 250}"},
                )
                kept.append((time.perf_counter() - begun) * 1000)
                assert found.status_code == 200, found.status
    medians = {words: statistics.median(kept) for words, kept in spans.items()}
    slowest = max(medians, key=medians.__getitem__)
    yield Line("search of places, slowest", medians[slowest], MOST_SEARCH_MS, "ms", f"“{slowest}”")
