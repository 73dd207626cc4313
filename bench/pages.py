"""What pages weigh and cost, and how soon the paper is there on a line as villages have."""

import shutil
import statistics
import time
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from bench import serving
from bench.lines import Line
from bench.load import HOST
from bench.stage import Stage
from tests.core.weight import first_visit

ROUNDS = 40
MOST_CPU_MS = 30.0
MOST_KB, MOST_PAPER_KB = 60.0, 45.0
MOST_PAGE_KB, ITEMS = 15.0, 48
"""The page of the paper itself, for a paper of so many items."""
MOST_FILES = 6
DELAY_MS, BYTES_A_SECOND = 400, 50 * 1024
MOST_SECONDS = 3.0
LOADS = 3
NO_BROWSER = "*** Chromium is missing: how soon the paper is there is NOT measured ***"
_SHOWN = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def paper(scene: Stage) -> Iterator[Line]:
    """Measure the CPU of the whole paper's page, whatever else the machine does."""
    spent = []
    for number in range(ROUNDS):
        seat = scene.seats[number % len(scene.seats)]
        client = scene.browser(seat)
        begun = time.process_time()
        page = client.get(f"/kk/attempts/{seat.attempt}")
        spent.append((time.process_time() - begun) * 1000)
        assert page.status_code == 200, page.status
    yield Line(
        "page of the whole paper, CPU", statistics.median(spent), MOST_CPU_MS, "ms", f"{scene.items} items"
    )


def weights(scene: Stage) -> Iterator[Line]:
    """Weigh first visits; of lessons the heaviest."""
    seat = scene.seats[-1]
    client = scene.browser(seat)
    for name, addresses in (("start", ["/kk/"]), ("heaviest lesson", scene.lessons)):
        visits = [first_visit(client, one) for one in addresses]
        heaviest = max(visits, key=lambda visit: sum(visit.values()))
        page, *_ = heaviest.values()
        remark = f"the page itself {page / 1024:.1f} KB, {len(heaviest) - 1} files"
        yield Line(f"first visit, {name}", sum(heaviest.values()) / 1024, MOST_KB, "KB", remark)
    visit = first_visit(client, f"/kk/attempts/{seat.attempt}")
    page, *files = visit.values()
    whole = sum(visit.values()) / 1024
    yield Line("first visit, paper", whole, MOST_PAPER_KB, "KB", f"the page itself {page / 1024:.1f} KB")
    yield Line("first visit, paper, files beside the page", len(files), MOST_FILES, "")
    share = page / 1024 * ITEMS / scene.items
    yield Line(
        f"page of the paper, for {ITEMS} items", share, MOST_PAGE_KB, "KB", f"{scene.items} items here"
    )


def slow_line(scene: Stage) -> Iterator[Line]:
    """Open the paper in a real browser on a slow line, with nothing kept from before."""
    path = shutil.which("chromium")
    if path is None:
        print(NO_BROWSER)
        return
    seat = scene.seats[-2]
    with serving.ours(scene.settings) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        root = f"http://{HOST}:{server.port}"
        address, seconds = f"{root}/kk/attempts/{seat.attempt}", []
        for number in range(LOADS + 1):
            context = browser.new_context()
            context.add_cookies([{"name": "school", "value": seat.cookie, "url": root}])
            page = context.new_page()
            line = context.new_cdp_session(page)
            line.send("Network.enable")
            slow = {
                "offline": False,
                "latency": DELAY_MS,
                "downloadThroughput": BYTES_A_SECOND,
                "uploadThroughput": BYTES_A_SECOND,
            }
            line.send("Network.emulateNetworkConditions", slow)
            answer = page.goto(address, wait_until="load", timeout=60_000)
            assert answer is not None
            assert answer.status == 200, answer.status
            if number:
                # The first of all lets the server open the paper.
                page.wait_for_function(_SHOWN)
                seconds.append(max(page.evaluate(_SHOWN), page.evaluate(_READY)) / 1000)
            context.close()
        browser.close()
    said = f"{DELAY_MS} ms and {BYTES_A_SECOND // 1024} KB/s, shown and its script at work"
    yield Line("paper on a slow line, first visit", statistics.median(seconds), MOST_SECONDS, "s", said)
