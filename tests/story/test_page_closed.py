"""Five wrong codes on the private page of the running bot: its person is told in Slack, and the audit says so."""

from __future__ import annotations

import json
from pathlib import Path

from bot.service.pages import Gone, PageLink
from bot.store import Audit
from tests.story.test_other_people import ANNA, AVERY, confirms, firm, person


async def test_the_person_whose_page_it_is_hears_of_it(tmp_path: Path) -> None:
    async with firm(tmp_path, confirms) as here:
        assert here.parts.pages is not None
        link = await here.parts.pages.open_form(person(ANNA), "gasb")
        assert isinstance(link, PageLink)
        token = link.url.rpartition("/")[2]
        for _ in range(5):
            last = await here.parts.pages.unlock(token, "none")
        assert isinstance(last, Gone)
        await here.slack.wait_for(lambda: [m for m in here.slack.direct(ANNA) if "Your page was closed" in m.shown])
        assert not [one for one in here.slack.direct(AVERY) if "Your page was closed" in one.shown]
        kept = here.parts.kept
        assert kept is not None
        async with kept.store.work() as work:
            lines = [json.loads(row.entry) for row in await Audit().since(work, 0, 1000)]
        assert [one["who"]["id"] for one in lines if one["event"] == "page_closed"] == [ANNA]
