"""Lists of dates: read line by line, entered all or none, and the same list again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courts.directory import Directory
from bot.reminders.dates.event_csv import MOST_LINES, FileFlaw, FileProblem, Line, read_dates
from bot.reminders.dates.event_form import form_of
from bot.reminders.dates.importing import DateImport, Entered
from bot.reminders.event import CourtEvent, Status
from bot.store import Store
from bot.words.date_files import file_flaw_words
from tests.reminders.date_stage import ADMIN, DateStage

HEADER = "court,day,time,status,blackout_start,blackout_end,note\n"
FILE = (
    HEADER
    + "arwb,2027-03-29,,announced,2027-03-26T12:00,2027-03-29T09:00,Moved once already.\n"
    + 'gub,2027-09-04,08:30,target,,,"Two lines,\nand a comma"\n'
)


def lines(text: str) -> tuple[Line, ...]:
    found = read_dates(text.encode())
    assert all(isinstance(one, Line) for one in found), found
    return tuple(one for one in found if isinstance(one, Line))


def flaws(content: bytes) -> list[tuple[int, str, str]]:
    found = [one for one in read_dates(content) if isinstance(one, FileProblem)]
    assert all(file_flaw_words(one).endswith(".") for one in found)
    return [(one.line, one.flaw.value, one.word) for one in found]


class TestReading:
    """The file as a file."""

    def test_lines_are_numbered_as_an_editor_numbers_them(self) -> None:
        text = (
            "\ufeffCourt, Day ,Order Number\r\n\r\narwb,2027-03-29,GO 1\r\n,,\r\n"
            + 'gub,"2027-\n09-04",\r\nazb,x,y\r\n'
        )
        assert [(line.number, list(line.given.values())) for line in lines(text)] == [
            (3, ["arwb", "2027-03-29", "GO 1"]),
            (5, ["gub", "2027-\n09-04", ""]),
            (7, ["azb", "x", "y"]),
        ]

    @pytest.mark.parametrize(
        ("content", "flaw"),
        [
            (b"", (1, "empty", "")),
            (b"court,day\n", (1, "empty", "")),
            (b"day\n2027-03-29\n", (1, "no_court", "")),
            (b"court,day,Day\ngasb,2027-03-29,\n", (1, "column_twice", "day")),
            (b"court,day\ngasb,2027-03-29,09:00\n", (2, "cells", "")),
            (b'court,day\ngasb,"2027-03-29\n', (2, "not_csv", "")),
            (b"court,note\ngasb,\x81\n", (2, "not_text", "")),
            (b"PK\x03\x04 no spreadsheet", (1, "not_text", "")),
            (b"court\n" + b"gasb\n" * (MOST_LINES + 1), (MOST_LINES + 2, "too_many", "")),
            (b"x" * 2_000_001, (1, "too_large", "")),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, content: bytes, flaw: tuple[int, str, str]) -> None:
        assert flaws(content) == [flaw]

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        assert read_dates(content)

    @pytest.mark.parametrize("flaw", FileFlaw)
    def test_every_flaw_has_a_sentence(self, flaw: FileFlaw) -> None:
        assert file_flaw_words(FileProblem(1, flaw, "x")).endswith(".")


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> DateStage:
    return DateStage(store, tmp_path / "head")


def importing(stage: DateStage) -> DateImport:
    return DateImport(stage.store, stage.notes, Directory.shipped().by_id)


async def enter(stage: DateStage, text: str, *, dry_run: bool = False) -> tuple[Entered, ...]:
    return await importing(stage).enter(ADMIN, lines(text), dry_run=dry_run)


async def kept(stage: DateStage) -> dict[str, CourtEvent]:
    return {event.court: event for event in await stage.calendar.events(past=True)}


def told(entered: Sequence[Entered]) -> list[tuple[int, str]]:
    return [(one.number, one.problems[0].flaw if one.problems else one.what or "same") for one in entered]


class TestEntering:
    """What a list does to the calendar."""

    async def test_a_list_is_entered_and_the_same_list_changes_nothing(self, stage: DateStage) -> None:
        assert told(await enter(stage, FILE, dry_run=True)) == [(2, "set"), (3, "set")]
        assert await kept(stage) == {}
        assert told(await enter(stage, FILE)) == [(2, "set"), (3, "set")]
        first = await kept(stage)
        assert (first["gub"].status, first["gub"].note) == (Status.TARGET, "Two lines,\nand a comma")
        assert told(await enter(stage, FILE)) == [(2, "same"), (3, "same")]
        assert await kept(stage) == first
        assert len(await stage.calendar.history(first["gub"].id)) == 1

    async def test_one_wrong_line_keeps_all_from_being_entered(self, stage: DateStage) -> None:
        wrong = FILE + "gasb,soon,,,,,\nzzz,2027-03-29,,,,,\ngub,2027-09-05,,,,,\nazb,2027-09-05,,live,,,\n"
        problems = [(2, "set"), (3, "set"), (5, "shape"), (6, "unknown"), (7, "twice"), (8, "own_step")]
        for dry_run in (True, False):
            assert told(await enter(stage, wrong, dry_run=dry_run)) == problems
        assert await kept(stage) == {}

    async def test_what_the_list_does_not_name_stays(self, stage: DateStage) -> None:
        await enter(stage, FILE)
        before = (await kept(stage))["arwb"]
        assert told(await enter(stage, "court,source\narwb,https://www.arwb.uscourts.gov/\n")) == [(2, "edited")]
        sourced = replace(before, source="https://www.arwb.uscourts.gov/", edition=2)
        assert (await kept(stage))["arwb"] == sourced
        assert told(await enter(stage, "court,note,time\narwb,,09:00\n")) == [(2, "moved")]
        after = (await kept(stage))["arwb"]
        assert (after.note, after.occasion, after.blackout) == ("", before.occasion, before.blackout)

    async def test_a_move_drops_the_old_blackout_and_is_only_announced(self, stage: DateStage) -> None:
        await enter(stage, FILE)
        made = (await kept(stage))["arwb"]
        await stage.calendar.confirm(ADMIN, made.id, 1)
        assert told(await enter(stage, "court,day\narwb,2027-06-28\n")) == [(2, "moved")]
        moved = (await kept(stage))["arwb"]
        assert (moved.blackout, moved.status, moved.version) == (None, Status.ANNOUNCED, 3)
        assert told(await enter(stage, "court,coarse\narwb,Summer 2027\n")) == [(2, "moved")]
        assert ((await kept(stage))["arwb"].day, (await kept(stage))["arwb"].coarse) == (None, "Summer 2027")
        assert told(await enter(stage, "court,day\narwb,2027-06-28\n")) == [(2, "moved")]
        assert (await kept(stage))["arwb"].coarse == ""

    async def test_an_old_list_takes_nothing_back(self, stage: DateStage) -> None:
        await enter(stage, FILE)
        made = await kept(stage)
        await stage.calendar.withdraw(ADMIN, made["arwb"].id, 1, "Moved once already.")
        await stage.calendar.live(ADMIN, made["gub"].id, 1)
        before = await kept(stage)
        assert told(await enter(stage, FILE)) == [(2, "same"), (3, "same")]
        assert await kept(stage) == before
        other_days = "court,day\narwb,2027-04-26\ngub,2027-09-05\n"
        assert told(await enter(stage, other_days)) == [(2, "moved"), (3, "live")]
        assert told(await enter(stage, other_days.rpartition("gub")[0])) == [(2, "moved")]
        assert (await kept(stage))["arwb"].status is Status.ANNOUNCED

    async def test_what_people_were_to_hear_is_taken_back_with_the_move(self, stage: DateStage) -> None:
        await stage.watched("U1", "U2")
        made = await stage.put(7)
        await stage.sent(row for row in await stage.notices(made) if row.person == "U1")
        later = (await stage.form(90)).day
        await enter(stage, f"court,day\narwb,{later}\n")
        assert await stage.steps(made, "planned") == []
        assert await stage.planner.round() == 1
        assert await stage.steps(made, "planned") == [("U1", "correction", "v2")]
        assert form_of((await kept(stage))["arwb"]).day == later
