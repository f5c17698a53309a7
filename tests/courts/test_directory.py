"""The shipped list: every court, every fact that others rely on, every source."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from bot.courts.court import Court, CourtKind, Realm, Unlinkable
from bot.courts.directory import Directory

DIRECTORY = Directory.shipped()
TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def court(court_id: str) -> Court:
    found = DIRECTORY.by_id(court_id)
    assert found is not None
    return found


def test_it_is_the_whole_list() -> None:
    assert Counter(each.kind for each in DIRECTORY.all) == {
        CourtKind.BANKRUPTCY: 94,
        CourtKind.DISTRICT: 95,
        CourtKind.APPELLATE: 16,
        CourtKind.NATIONAL: 4,
    }
    assert len({each.id for each in DIRECTORY.all}) == len({each.name for each in DIRECTORY.all}) == 209
    assert len({each.short_name for each in DIRECTORY.all}) == 209


def test_it_is_read_once() -> None:
    assert Directory.shipped() is Directory.shipped()


def test_every_court_has_what_an_attempt_needs() -> None:
    for each in DIRECTORY.all:
        assert re.fullmatch(r"[a-z0-9]{2,6}", each.id)
        assert re.fullmatch(r"[a-z0-9.-]+\.(uscourts\.gov|uscourts\.cavc\.gov)", each.host)
        assert each.state
        if each.unlinkable is None:
            assert re.fullmatch(r"[A-Z0-9]+", each.pacer_id)
            assert each.live(TODAY) is True
            assert each.landing is not None
            assert each.landing.target.endswith(("/cgi-bin/login.pl", "/cgi-bin/ShowIndex.pl"))


def test_one_court_is_outside_pacer_and_the_appellate_ones_run_other_software() -> None:
    assert {each.id for each in DIRECTORY.all if each.unlinkable is Unlinkable.OUTSIDE_PACER} == {"cavc"}
    appellate = {each.id for each in DIRECTORY.all if each.unlinkable is Unlinkable.APPELLATE}
    assert len(appellate) == 16
    assert {"ca1", "cadc", "cafc", "bap9"} <= appellate
    assert court("jpml").unlinkable is court("cit").unlinkable is court("cofc").unlinkable is None
    assert "outside PACER" in court("cavc").go_live.note


def test_those_that_cannot_be_linked_stand_last() -> None:
    hindered = [each.unlinkable is not None for each in DIRECTORY.all]
    assert hindered == sorted(hindered)


def test_a_telephone_is_a_telephone() -> None:
    for each in DIRECTORY.all:
        for desk in each.help_desks:
            assert re.match(r"\d{3}-\d{3}-\d{4}", desk.phone), each.id
        assert not each.help_address or "@" in each.help_address or each.help_address.startswith("https://")
    assert court("sdd").help_address == "SDD_cmecfhelp@sdd.uscourts.gov"


def test_a_dated_go_live_says_where_it_was_read() -> None:
    for each in DIRECTORY.all:
        known = each.go_live
        assert known.status in {"confirmed", "announced", "target", "inferred", "coarse", "unknown"}
        assert bool(known.day or known.coarse) <= bool(known.source), each.id
        assert bool(known.live_by) == bool(known.live_by_source), each.id
        assert known.day is None or date(2014, 1, 1) < known.day < date(2023, 1, 1)
    assert sum(each.go_live.day is not None for each in DIRECTORY.all) == 124


def test_the_courts_of_the_two_guides() -> None:
    georgia, alabama = court("GASB"), court("almb")
    assert (georgia.host, georgia.pacer_id, georgia.zone.key) == ("ecf.gasb.uscourts.gov", "GASBK", "America/New_York")
    assert georgia.help_desks[0].phone == "912-650-4100"
    assert georgia.landing is not None
    assert georgia.landing.label == "Southern District of Georgia - Document Filing System"
    assert alabama.go_live.status == "target"
    assert alabama.go_live.day == date(2021, 3, 8)
    assert alabama.landing is not None
    assert alabama.landing.label == "Login"
    assert alabama.host_in(Realm.TRAINING) == "ecf-train.almb.uscourts.gov"


@pytest.mark.parametrize(
    ("court_id", "moment", "live"),
    [
        ("gasb", datetime(2021, 10, 12, 12, 29, tzinfo=UTC), False),  # 08:29 in Savannah
        ("gasb", datetime(2021, 10, 12, 12, 30, tzinfo=UTC), True),
        ("gud", datetime(2019, 12, 13, 22, 59, tzinfo=UTC), False),  # 08:59 on the 14th in Hagatna
        ("gud", datetime(2019, 12, 13, 23, 0, tzinfo=UTC), True),
        ("mieb", datetime(2021, 5, 1, tzinfo=UTC), None),  # "May 2021" is not a day
        ("mieb", datetime(2022, 11, 28, tzinfo=UTC), True),
        ("cavc", TODAY, None),
    ],
)
def test_live_is_told_by_the_courts_own_clock(court_id: str, moment: datetime, live: bool | None) -> None:
    assert court(court_id).live(moment) is live


def test_an_unknown_id_is_no_court() -> None:
    assert DIRECTORY.by_id("nope") is None
    assert DIRECTORY.by_id("") is None


def test_the_file_names_no_place_outside_the_project() -> None:
    text = files("bot.courts").joinpath("courts.json").read_text("utf-8")
    assert not re.search(r"guides/|\.\./|file:|/(?:home|root|work|tmp)/", text)


def test_no_fact_was_lost_on_the_way(shared: Path) -> None:
    original = {each["id"]: each for each in json.loads((shared / "courts.json").read_text("utf-8"))}
    assert set(original) == {each.id for each in DIRECTORY.all}
    for each in DIRECTORY.all:
        known = original[each.id]
        assert each.name == known["name"]
        assert each.pacer_id == (known["pacer_court_id"] or "")
        assert each.kind == known["type"]
        assert each.zone.key == known["timezone"]
        assert f"https://{each.host}" == known["ecf_url"].rstrip("/")
        assert (each.go_live.day and each.go_live.day.isoformat()) == known["nextgen_go_live"]
        assert each.go_live.status == known["go_live_status"]
        assert (each.go_live.live_by and each.go_live.live_by.isoformat()) == (known["nextgen_live_by"] or {}).get(
            "date"
        )
