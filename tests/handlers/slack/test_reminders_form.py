"""The form "Your courts": what stands in it, what is refused beside the field, and what a slow store does to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, time
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from bot.reminders.hearer import Hours
from bot.reminders.people.wish_form import MOST_COURTS, WatchField, WatchFlaw, WatchProblem
from bot.reminders.people.wish_sheet import ZoneFrom
from bot.sandbox.slack import TEAM, Fault, NotFilledIn, PretendSlack
from bot.words.watch_form import ZONE_HINTS, flaw_words
from bot.words.zones import find_zones
from handlers.slack.watch_form import field_errors, read_watch_form, sent_again, watch_view, zone_choice
from tests.handlers.slack.stage import ANNA, BEN, FakeService, person
from tests.handlers.slack.watch_stage import COURTS, FakeWatching, Watched, event, watched_in_slack
from tests.handlers.slack_contract import Contract


@pytest.fixture
async def watched(slack: PretendSlack) -> AsyncIterator[Watched]:
    """The bot with reminders; Anna watches two courts and muted one of them."""
    watching = FakeWatching(events={"ev-gasb": event()})
    watching.keep("gasb")
    watching.keep("almb", muted=True)
    async with watched_in_slack(slack, watching, FakeService()) as watched:
        yield watched


async def test_the_form_opens_with_what_is_kept(watched: Watched) -> None:
    watched.watching.hours[person(ANNA)] = Hours(
        ZoneInfo("Pacific/Guam"), time(7), time(15, 45), frozenset({0, 2}), (date(2021, 4, 1), date(2021, 4, 9))
    )
    view = await watched.form()
    assert [call.method for call in watched.slack.calls] == ["views.open"], "a quick store needs no second call"
    assert [one["value"] for one in view.input("courts")["element"]["initial_options"]] == ["gasb", "almb"]
    assert [one["value"] for one in view.input("muted")["element"]["initial_options"]] == ["almb"]
    assert view.input("begins")["element"]["initial_time"] == "07:00"
    assert view.input("ends")["element"]["initial_time"] == "15:45"
    assert [one["value"] for one in view.input("days")["element"]["initial_options"]] == ["0", "2"]
    assert view.input("zone")["element"]["initial_option"]["value"] == "Pacific/Guam"
    assert view.input("zone")["hint"]["text"] == ZONE_HINTS[ZoneFrom.CHAT]
    assert view.input("vacation_from")["element"]["initial_date"] == "2021-04-01"
    assert view.input("vacation_until")["element"]["initial_date"] == "2021-04-09"


async def test_a_form_sent_as_it_came_changes_nothing(watched: Watched) -> None:
    before = dict(watched.watching.courts[person(ANNA)])
    view = await watched.form()
    reply = await watched.slack.submit(view)
    assert reply.body["response_action"] == "update"
    assert watched.watching.courts[person(ANNA)] == before
    assert watched.watching.hours[person(ANNA)] == Hours(ZoneInfo("America/New_York"))


async def test_everything_that_can_be_changed_is_kept_and_shown(watched: Watched) -> None:
    view = await watched.form()
    sent = {
        "courts": ["gasb", "txwb"],
        "muted": [],
        "begins": "08:30",
        "ends": "16:00",
        "days": ["0", "1", "5"],
        "zone": "America/Chicago",
        "vacation_from": "2021-04-01",
        "vacation_until": "2021-04-09",
    }
    await watched.slack.submit(view, sent)
    assert set(watched.watching.courts[person(ANNA)]) == {"gasb", "txwb"}
    assert watched.watching.hours[person(ANNA)] == Hours(
        ZoneInfo("America/Chicago"),
        time(8, 30),
        time(16),
        frozenset({0, 1, 5}),
        (date(2021, 4, 1), date(2021, 4, 9)),
    )
    for words in (
        "You watch 2 courts: Bankr. S.D. Georgia; Bankr. W.D. Texas.",
        "The next date: Bankr. S.D. Georgia.",
        "Monday, Tuesday, Saturday, 8:30 a.m. to 4:00 p.m., Central Time",
        "Away from Thursday, April 1, 2021 to Friday, April 9, 2021",
    ):
        assert words in view.shown


async def test_a_muted_court_is_unmuted_by_taking_it_out(watched: Watched) -> None:
    view = await watched.form()
    await watched.slack.submit(view, {"muted": []})
    assert not watched.watching.courts[person(ANNA)]["almb"].muted


async def test_no_court_is_fine_and_said_plainly(watched: Watched) -> None:
    view = await watched.form()
    await watched.slack.submit(view, {"courts": []})
    assert watched.watching.courts[person(ANNA)] == {}
    assert "You watch no court now: the bot reminds you of nothing" in view.shown


async def test_a_court_added_while_the_form_was_open_stays(watched: Watched) -> None:
    view = await watched.form()
    await watched.slack.command(ANNA, "/link-ecf", "watch txwb")
    await watched.slack.submit(view, {"courts": ["gasb"]})
    assert set(watched.watching.courts[person(ANNA)]) == {"gasb", "txwb"}


WRONG = [
    ({"ends": "08:00"}, "Reminders may come until", WatchFlaw.ENDS_FIRST),
    ({"vacation_from": "2021-04-09", "vacation_until": "2021-04-01"}, "Away until", WatchFlaw.BACKWARDS),
    ({"vacation_from": "2021-04-09"}, "Away until", WatchFlaw.HALF),
    ({"vacation_until": "2021-04-09"}, "Away from", WatchFlaw.HALF),
    ({"vacation_from": "2020-04-01", "vacation_until": "2020-04-09"}, "Away until", WatchFlaw.OVER),
]


@pytest.mark.parametrize(("values", "label", "flaw"), WRONG)
async def test_what_is_wrong_is_said_beside_its_field_and_loses_nothing(
    watched: Watched, values: dict[str, str], label: str, flaw: WatchFlaw
) -> None:
    view = await watched.form()
    typed = {**values, "courts": ["txwb"]}
    reply = await watched.slack.submit(view, typed)
    assert reply.body["response_action"] == "errors"
    assert view.errors == {label: flaw_words(flaw)}
    assert watched.watching.asked == ["sheet"], "nothing was saved"
    good = {"ends": "17:00", "vacation_from": "", "vacation_until": ""}
    await watched.slack.submit(view, {name: good[name] for name in values})
    assert list(watched.watching.courts[person(ANNA)]) == ["txwb"], "what was chosen beside it is still there"


async def test_a_form_without_days_or_zone_is_not_sent_and_refused_if_it_is(watched: Watched) -> None:
    view = await watched.form()
    with pytest.raises(NotFilledIn, match="Your working days"):
        await watched.slack.submit(view, {"days": []})
    await watched.slack.submit(view, {"zone": ""}, force=True)
    assert view.errors == {
        "Your working days": flaw_words(WatchFlaw.NO_DAY),
        "Your time zone": flaw_words(WatchFlaw.MISSING),
    }


async def test_the_lists_answer_as_people_type(watched: Watched) -> None:
    view = await watched.form()
    assert (await watched.slack.suggest(view, "gasb", "courts"))[0]["value"] == "gasb"
    assert (await watched.slack.suggest(view, "", "zone"))[0]["value"] == "America/New_York"
    for typed, zone in (("central", "America/Chicago"), ("guam", "Pacific/Guam"), ("EST", "America/New_York")):
        assert (await watched.slack.suggest(view, typed, "zone"))[0]["value"] == zone
    assert await watched.slack.suggest(view, "../../etc", "zone") == []


async def test_a_slow_store_opens_a_view_at_once_and_the_form_in_its_place(watched: Watched) -> None:
    watched.watching.free = asyncio.Event()
    await watched.slack.command(ANNA, "/link-ecf", "watch")
    view = await watched.shown(ANNA, lambda view: "Looking up your courts" in view.shown)
    watched.watching.free.set()
    await watched.slack.wait_for(lambda: list(view.inputs()))
    assert [call.method for call in watched.slack.calls] == ["views.open", "views.update"]
    assert [one["value"] for one in view.input("courts")["element"]["initial_options"]] == ["gasb", "almb"]


async def test_a_store_that_is_away_is_said_in_the_view(watched: Watched) -> None:
    watched.watching.down = True
    await watched.slack.command(ANNA, "/link-ecf", "watch")
    await watched.shown(ANNA, lambda view: "cannot reach its records" in view.shown)


async def test_a_view_that_could_not_be_opened_is_said_with_a_fresh_button(watched: Watched) -> None:
    watched.slack.fault("views.open", Fault(error="expired_trigger_id"))
    await watched.slack.command(ANNA, "/link-ecf", "watch")
    said = await watched.said("The form could not be opened")
    await watched.slack.press(said, "Your courts and hours")
    await watched.shown(ANNA, lambda view: any(view.inputs()))


async def test_a_store_that_fails_at_saving_leaves_the_form_as_it_was_filled_in(watched: Watched) -> None:
    view = await watched.form()
    watched.watching.down = True
    await watched.slack.submit(view, {"courts": ["txwb"]})
    assert view.errors == {"Courts where you file": flaw_words(WatchFlaw.NOT_SAVED)}
    watched.watching.down = False
    await watched.slack.submit(view)
    assert list(watched.watching.courts[person(ANNA)]) == ["txwb"]


async def test_slow_saving_is_said_and_then_its_end(watched: Watched) -> None:
    view = await watched.form()
    watched.watching.free = asyncio.Event()
    reply = await watched.slack.submit(view, {"courts": ["txwb"]})
    assert reply.body["response_action"] == "update"
    assert "Saving takes longer than usual" in view.shown
    watched.watching.free.set()
    await watched.slack.wait_for(lambda: "You watch 1 court" in view.shown)


async def test_slow_saving_that_fails_brings_the_form_back_as_it_was_sent(watched: Watched) -> None:
    view = await watched.form()
    watched.watching.free, watched.watching.down = asyncio.Event(), True
    await watched.slack.submit(view, {"courts": ["txwb"], "begins": "06:15", "vacation_from": "", "muted": []})
    watched.watching.free.set()
    await watched.slack.wait_for(lambda: list(view.inputs()))
    assert flaw_words(WatchFlaw.NOT_SAVED) in view.shown
    assert view.input("begins")["element"]["initial_time"] == "06:15"
    watched.watching.free, watched.watching.down = None, False
    await watched.slack.submit(view)
    assert list(watched.watching.courts[person(ANNA)]) == ["txwb"]
    assert watched.watching.hours[person(ANNA)].begins == time(6, 15)


@pytest.mark.parametrize("court", ["gasb", "almb"])
async def test_one_persons_form_shows_their_own_courts_only(watched: Watched, court: str) -> None:
    view = await watched.form(BEN)
    assert "initial_options" not in view.input("courts")["element"]
    with pytest.raises(KeyError):
        view.input("muted")
    await watched.slack.submit(view, {"courts": [court]})
    assert list(watched.watching.courts[person(BEN)]) == [court]
    assert list(watched.watching.courts[person(ANNA)]) == ["gasb", "almb"]


def test_the_largest_form_keeps_the_contract_and_leaves_what_it_cannot_show(contract: Contract) -> None:
    watching = FakeWatching()
    for court in COURTS.all:
        watching.keep(court.id, muted=True)
    view = watch_view(watching._sheet(person(ANNA)))
    assert list(contract.view_faults(view)) == []
    assert f"You watch {len(COURTS.all)} courts, and this form holds {MOST_COURTS}" in str(view)
    state = {
        block["block_id"]: {block["element"]["action_id"]: {"selected_options": block["element"]["initial_options"]}}
        for block in view["blocks"]
        if "initial_options" in block.get("element", {})
    }
    sent = read_watch_form({**view, "state": {"values": state}})
    assert sent is not None
    assert len(sent.courts) == len(sent.shown) == len(sent.muted) == MOST_COURTS
    assert sent.courts == sent.shown


def test_every_flaw_and_zone_keeps_the_contract(contract: Contract) -> None:
    view = watch_view(FakeWatching()._sheet(person(ANNA)))
    shown = {one.value for one in WatchField} - {"muted"}
    for flaw in WatchFlaw:
        errors = field_errors(view, [WatchProblem(field, flaw) for field in WatchField])
        assert {key.partition(":")[0] for key in errors} == shown
        assert all(0 < len(text) < 200 for text in errors.values())
        again = sent_again({**view, "state": {"values": {}}}, flaw_words(flaw))
        assert list(contract.view_faults(again)) == []
    for zone in find_zones("", 1000):
        assert len(zone_choice(zone)["text"]["text"]) <= 75


FORGED = [
    "", "gasb", "null", "5", "{}", "[]", "[[]]", "[[], [], []]", '["gasb", []]', '[["gasb"], [5]]',
    '[["gasb"], {"almb": 1}]', "[" * 2900, '[["gasb"], []',
]  # fmt: skip


@pytest.mark.parametrize("metadata", FORGED)
async def test_a_form_that_the_bot_did_not_make_is_not_taken_and_says_so(
    watched: Watched, caplog: pytest.LogCaptureFixture, metadata: str
) -> None:
    before = dict(watched.watching.courts[person(ANNA)])
    view = await watched.form()
    view.view["private_metadata"] = metadata
    reply = await watched.slack.submit(view, force=True)
    assert (reply.status, reply.body["response_action"]) == (200, "update")
    assert "Nothing was changed" in view.shown
    assert "/link-ecf watch" in view.shown
    assert watched.watching.courts[person(ANNA)] == before
    assert "failed" not in caplog.text


async def test_a_form_without_its_fields_says_what_is_wrong_above(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(watched.watching.courts[person(ANNA)])
    form = {"id": "V0", "hash": "h", "type": "modal", "callback_id": "watch_form", "private_metadata": "[[], []]",
            "state": {"values": {}}, "blocks": []}  # fmt: skip
    who = {"user": {"id": ANNA, "team_id": TEAM}, "team": {"id": TEAM, "domain": "x"}, "api_app_id": "A0"}
    reply = await watched.slack.wire.post(
        b"payload=" + quote(json.dumps({"type": "view_submission", "view": form, **who})).encode()
    )
    assert (reply.status, reply.body["response_action"]) == (200, "update")
    assert "Nothing was changed" in json.dumps(reply.body)
    assert watched.watching.courts[person(ANNA)] == before
    assert "failed" not in caplog.text
