"""Every view, message and call of `/ecf-golive`, held against what third parties publish about Slack."""

from __future__ import annotations

from dataclasses import replace

from bot.courts.directory import Directory
from bot.reminders.dates.event_form import LONGEST, EventForm
from bot.reminders.people.roster_lines import BadLine, LineFlaw, RosterReport
from bot.sandbox.slack import PretendSlack, Reply
from bot.sandbox.slack_rules import view_faults
from handlers.slack import mentions
from handlers.slack.date_form import About, date_view
from handlers.slack.pickers import block_of, choice
from tests.handlers.slack.date_stage import GASB, DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person
from tests.handlers.slack_contract import Contract

LONG = EventForm("gasb", **{field.value: "&<" * (most // 2) for field, most in LONGEST.items()})


async def road(golive: DateStage) -> list[Reply]:
    """Walk every way through the command once; return what was answered at once."""
    slack = golive.slack
    await golive.has(replace(GASB, note="n" * 1000, order_number="GO 1", emergency_channel="fax" * 100))
    golive.dates.people.append(person(BEN))
    for text in ("", "help", "history gasb", "final-day"):
        await golive.said(text)
    replies = []
    said = await golive.said()
    for button in ("Move or edit", "Confirm", "It is live", "Withdraw"):
        view = await golive.pressed(said, button)
        replies.append(await slack.submit(view))
    view = await golive.opened("set")
    await slack.choose(view, "almb", "court")
    await golive.view_shows("Central Time")
    replies.append(await slack.submit(view, {"day": "2027-03-01", "coarse": "spring"}))
    replies.append(await slack.submit(view, {"coarse": ""}))
    admins = await golive.said("admins")
    replies.append(await slack.submit(await golive.pressed(admins, "Add an admin"), {"who": BEN}))
    replies.append(await slack.submit(await golive.pressed(admins, "Remove")))
    bad = tuple(BadLine(n, LineFlaw.COURT, "&<" * 30) for n in range(400))
    golive.dates.report = RosterReport(
        400, 0, tuple((f"{'&' * 60}{n}@x.example", "waiting") for n in range(400)), 0, bad
    )
    golive.dates.people.append(person(ANNA))
    view = await golive.opened("roster")
    replies.append(await slack.submit(view, {"roster": "anna@firm.example,gasb"}))
    await golive.view_shows("400 people would be loaded")
    replies.append(await slack.submit(view))
    golive.dates.people.clear()
    await golive.said("")
    return replies


async def test_every_call_view_and_answer_keeps_the_contract(slack: PretendSlack, contract: Contract) -> None:
    async with golive_in_slack(slack) as golive:
        replies = await road(golive)
    faults = [fault for call in slack.calls for fault in contract.call_faults(call)]
    faults += [fault for reply in replies for fault in contract.ack_faults(reply.body)]
    faults += [fault for one in slack.messages(ANNA) for fault in contract.message_faults(one.text, one.blocks)]
    assert faults == []
    assert {reply.status for reply in replies} == {200}
    assert all(call.answer["ok"] for call in slack.calls)
    assert {call.method for call in slack.calls} == {"views.open", "views.update"}


def test_the_form_keeps_the_contract_for_every_court_and_the_longest_texts(contract: Contract) -> None:
    about = About("f1")
    courts = Directory.shipped().search("", 500)
    for court in courts:
        assert view_faults(date_view(about, GASB, court)) == [], court.id
    longest = max(courts, key=lambda court: len(court.name))
    for form in (LONG, EventForm(court="")):
        assert list(contract.view_faults(date_view(about, form, longest, ["&<" * 2000]))) == []


def test_a_long_text_is_cut_between_its_lines_and_never_within_a_mention() -> None:
    for text in ("\n".join([f"{mentions.mention('U0ANNA')} & {n}" for n in range(500)]), "&" * 4000, "<" * 2999):
        shown = mentions.section(text)["text"]["text"]
        assert len(shown) <= 3000
        assert shown.count("<@") == shown.count("<@U0ANNA>")
        assert shown.count("&") == shown.count("&amp;") + shown.count("&lt;")


def test_only_an_id_of_slacks_becomes_a_mention() -> None:
    for id in ("U0ANNA|x", "<!channel>", "", "u0anna", "C0GENERAL"):
        assert "<@" not in mentions.section(mentions.mention(id))["text"]["text"]


def test_what_is_not_in_a_view_is_not_found_there() -> None:
    assert block_of({"blocks": []}, "day") == ""
    assert "initial_option" not in choice("kind", [("a", "A")], "b")
