"""Part 2: what reading a page costs, ours against whole-page BeautifulSoup over each of its two parsers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from yarl import URL

from bot.courts.court import SIGN_ON_HOST, Realm
from bot.linker.document import Document, partial_response
from bot.linker.fence import Fence
from bot.linker.pages import Page
from bot.linker.reading import read
from tests.bench.pretend import ballast
from tests.bench.soup import HtmlParserDocument, SoupDocument
from tests.bench.tables import Table, Verdict
from tests.linker.test_real_pages import EXPECTED, REAL
from tests.linker.test_screens import CASES

READERS: tuple[type[Document], ...] = (Document, SoupDocument, HtmlParserDocument)
SOUP_TARGET = 1.0
_SIGN_ON = SIGN_ON_HOST[Realm.PRODUCTION]


@dataclass(frozen=True)
class Sample:
    """One page as it was received; `kind` is the row of the table that it belongs to."""

    kind: str
    name: str
    url: URL
    body: bytes

    def read(self, reader: type[Document]) -> Page:
        """Read it by one of the readers."""
        court = URL(self.url.query.get("appurl", "")).host if self.url.host == _SIGN_ON else self.url.host
        fence = Fence(court=court or "ecf.example.uscourts.gov", sign_on=_SIGN_ON)
        return read(reader.read(self.url, self.body), fence)


def samples() -> Iterator[Sample]:
    """Yield every golden screen, one with the weight of a captured page, and the captured pages where they are at hand.

    The partial answers of PrimeFaces are left out: both readers take BeautifulSoup for them.
    """
    for page in CASES:
        body = page.read_bytes()
        if partial_response(body) is None:
            url = URL(
                json.loads(page.with_suffix(".json").read_text("utf-8"))["url"] or "https://ecf.example.uscourts.gov/"
            )
            yield Sample(page.parent.name, page.stem, url, body)
            if b"</form>" in body and page.parent.name == "LinkForm":
                heavy = body.replace(b"</form>", ballast(24_000) + b"</form>", 1)
                yield Sample("LinkForm of 27 KB", page.stem, url, heavy)
    for name, (court, kind, _) in EXPECTED.items():
        if (REAL / name).is_file():
            url = URL(f"https://ecf.{court}.uscourts.gov/cgi-bin/DktRpt.pl")
            yield Sample(f"captured: {kind}", name, url, (REAL / name).read_bytes())


def measure_reading(turns: int = 11) -> Table:
    """Read every sample `turns` times by each reader in turn, and return medians in microseconds by kind of page."""
    kinds: dict[str, list[tuple[int, list[float]]]] = {}
    for sample in samples():
        kinds.setdefault(sample.kind, []).append((len(sample.body), _times(sample, turns)))
    rows = [_row(kind, pages) for kind, pages in sorted(kinds.items())]
    every = [page for pages in kinds.values() for page in pages]
    rows.append(_row("all", every))
    heads = ("page", "files", "KB", "ours", "BeautifulSoup(lxml)", "ratio", "BeautifulSoup(html.parser)", "ratio")
    ours, over_lxml, _ = (sum(times[place] for _, times in every) for place in range(len(READERS)))
    verdict = Verdict(
        "whole-page BeautifulSoup(lxml) / our reading, all pages",
        f"{over_lxml / ours:.1f}",
        f"> {SOUP_TARGET:.0f}",
        over_lxml / ours > SOUP_TARGET,
    )
    return Table("Reading a page, microseconds (mean of the files' medians)", heads, rows, (), (verdict,))


def _times(sample: Sample, turns: int) -> list[float]:
    taken: list[list[float]] = [[] for _ in READERS]
    for _ in range(turns):
        for place, reader in enumerate(READERS):
            begun = time.perf_counter()
            sample.read(reader)
            taken[place].append((time.perf_counter() - begun) * 1e6)
    return [median(times) for times in taken]


def _row(kind: str, pages: Sequence[tuple[int, list[float]]]) -> tuple[str, ...]:
    ours, over_lxml, over_stdlib = (
        sum(times[place] for _, times in pages) / len(pages) for place in range(len(READERS))
    )
    size = sum(size for size, _ in pages) / len(pages) / 1000
    return (
        kind,
        str(len(pages)),
        f"{size:.1f}",
        f"{ours:.0f}",
        f"{over_lxml:.0f}",
        f"{over_lxml / ours:.1f}",
        f"{over_stdlib:.0f}",
        f"{over_stdlib / ours:.1f}",
    )
