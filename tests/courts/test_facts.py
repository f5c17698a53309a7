"""What differs, what is kept of it, and how it is laid over the shipped list."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courts.court import Court, CourtId, HelpDesk
from bot.courts.directory import Directory
from bot.courts.facts import Comparison, Difference, Fact, Facts, compare, court_host, facts_of, laid_over, overlaid
from bot.linker.fence import Fence
from tests.courts.feeds import ALMB, COURTS, GASB, kept, known

NEW = Facts(
    software="NextGen CM/ECF Release 1.8",
    host="ecf2.gasb.uscourts.gov",
    web_url="https://www.gasb.uscourts.gov/cmecf",
    help_desks=(HelpDesk("912-650-4101", "Savannah"), HelpDesk("706-823-6000 ext. 3")),
    help_address="help@gas.uscourts.gov",
)


NONE = Facts()


def compared(listed: Facts, before: Facts = NONE, *, hosts: bool = False) -> Comparison:
    """What differs at gasb."""
    return compare(COURTS, kept(gasb=before), kept(gasb=listed), hosts=hosts)


def test_every_difference_is_told_old_and_new() -> None:
    found = compared(NEW, hosts=True)
    assert found.changes == (
        Difference(GASB, Fact.SOFTWARE, known("gasb").software, "NextGen CM/ECF Release 1.8"),
        Difference(GASB, Fact.HOST, "ecf.gasb.uscourts.gov", "ecf2.gasb.uscourts.gov"),
        Difference(GASB, Fact.WEB_URL, "http://www.gasb.uscourts.gov", "https://www.gasb.uscourts.gov/cmecf"),
        Difference(GASB, Fact.HELP_DESKS, "912-650-4100", "912-650-4101 (Savannah), 706-823-6000 ext. 3"),
        Difference(GASB, Fact.HELP_ADDRESS, "", "help@gas.uscourts.gov"),
    )
    assert found.keep == {GASB: NEW}


def test_a_host_is_held_back_unless_it_is_asked_for() -> None:
    """The rest is kept without it."""
    found = compared(NEW)
    assert [one.fact for one in found.hosts] == [Fact.HOST]
    assert Fact.HOST not in {one.fact for one in found.changes}
    assert found.keep[GASB].host is None
    alone = compared(Facts(host="ecf2.gasb.uscourts.gov"))
    assert (len(alone.hosts), alone.changes, alone.keep) == (1, (), {})


def test_a_host_that_was_kept_stays_when_other_things_change() -> None:
    found = compared(Facts(host="ecf.gasb.uscourts.gov", software="NextGen CM/ECF Release 1.9"), NEW)
    assert found.keep[GASB].host == NEW.host
    assert [(one.old, one.new) for one in found.hosts] == [("ecf2.gasb.uscourts.gov", "ecf.gasb.uscourts.gov")]


def test_what_a_list_leaves_out_stays() -> None:
    found = compared(Facts(software="NextGen CM/ECF Release 1.9"), NEW)
    assert found.keep[GASB].help_desks == NEW.help_desks
    assert compared(Facts(), NEW) == Comparison((), (), {})
    assert compare(COURTS, kept(gasb=NEW), {}, hosts=True) == Comparison((), (), {})


def test_what_the_shipped_list_says_too_is_not_kept() -> None:
    """So that the next version's list is not hidden by an old look-up."""
    shipped = known("gasb")
    back = Facts(shipped.software, shipped.host, shipped.web_url, shipped.help_desks, "help@gas.uscourts.gov")
    found = compared(back, NEW, hosts=True)
    assert found.keep == {GASB: Facts(help_address="help@gas.uscourts.gov")}
    only = compared(Facts(software=shipped.software), Facts(software="NextGen CM/ECF Release 1.8"))
    assert (len(only.changes), bool(only.keep[GASB])) == (1, False)


@pytest.mark.parametrize(
    "same",
    [
        Facts(web_url="http://www.gasb.uscourts.gov/"),
        Facts(web_url="HTTP://WWW.gasb.uscourts.gov"),
        Facts(software="NextGen  CM/ECF Release 1.6 (Revision 1.6.4)"),
        Facts(help_desks=(HelpDesk("(912) 650 4100"),)),
    ],
)
def test_another_spelling_is_no_difference(same: Facts) -> None:
    assert compared(same) == Comparison((), (), {})


def test_the_order_of_telephones_is_no_difference() -> None:
    """PACER's lists rotate with every making."""
    court = known("iand")
    assert len(court.help_desks) == 2
    turned = Facts(help_desks=court.help_desks[::-1])
    assert compare(COURTS, {}, kept(iand=turned), hosts=True) == Comparison((), (), {})


def test_a_directory_with_facts_is_searched_and_fenced_by_them() -> None:
    directory = overlaid(COURTS, kept(gasb=NEW, nosuch=NEW))
    court = directory.by_id("gasb")
    assert court is not None
    assert (court.software, court.host, court.help_desks) == (NEW.software, NEW.host, NEW.help_desks)
    assert directory.plainly("https://ecf2.gasb.uscourts.gov/cgi-bin/login.pl") == court
    assert directory.plainly("ecf.gasb.uscourts.gov") != court
    assert Fence.around(court).court == "ecf2.gasb.uscourts.gov"
    assert [one.id for one in directory.all] == [one.id for one in COURTS]
    assert directory.by_id("almb") == known("almb")


def test_nothing_else_of_a_court_can_change() -> None:
    """Its id, PACER's id, its zone and its dates are not facts of a look-up."""
    assert {one.name for one in fields(Facts)} == {one.value for one in Fact} <= {one.name for one in fields(Court)}
    changed = laid_over(known("gasb"), NEW)
    for name in ("id", "pacer_id", "zone", "go_live", "name", "kind"):
        assert getattr(changed, name) == getattr(known("gasb"), name)


LABEL = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
TEXT = st.text(st.characters(categories=["L", "N", "P"]), max_size=20)
FACTS = st.builds(
    Facts,
    software=st.none() | TEXT,
    host=st.none() | LABEL.map(lambda label: f"ecf.{label}x.uscourts.gov"),
    web_url=st.none() | LABEL.map(lambda label: f"https://{label}.uscourts.gov/{label}"),
    help_desks=st.none() | st.lists(st.builds(HelpDesk, TEXT, TEXT), max_size=3).map(tuple),
    help_address=st.none() | TEXT,
)


@given(facts=FACTS)
def test_facts_come_back_from_json_as_they_went(facts: Facts) -> None:
    assert facts_of(json.loads(json.dumps(facts.as_json()))) == facts


@given(before=FACTS, listed=FACTS)
def test_once_kept_the_same_list_differs_no_more(before: Facts, listed: Facts) -> None:
    """Whatever was kept before; and then every fact of it holds."""
    found = compared(listed, before, hosts=True)
    after = {GASB: before, **found.keep}
    assert compare(COURTS, after, kept(gasb=listed), hosts=True) == Comparison((), (), {})
    again = overlaid(COURTS, after).by_id("gasb")
    assert again is not None
    assert listed.host in {None, again.host}


@pytest.mark.parametrize(
    "row",
    [
        {"host": "evil.example"},
        {"host": "pacer.login.uscourts.gov"},
        {"host": "login.uscourts.gov/x"},
        {"host": ["ecf.gasb.uscourts.gov"]},
        {"web_url": "https://evil.example/"},
        {"help_desks": "912-650-4100"},
        {"help_desks": [["912-650-4100"]]},
        {"help_desks": [[1, 2]]},
        {"software": 5, "pacer_id": "ALMBK", "zone": "UTC"},
    ],
)
def test_a_row_that_was_tampered_with_says_nothing(row: dict[str, object]) -> None:
    """Passwords go to the host, and others may write to the database."""
    assert facts_of(row) == Facts()


def test_hosts_of_every_shipped_court_may_be_hosts() -> None:
    """All but that of the one court outside PACER."""
    assert {court.id for court in COURTS if court_host(court.host) != court.host} == {"cavc"}


def test_a_directory_turns_into_another_for_all_who_hold_it() -> None:
    mine = Directory(COURTS)
    find, search = mine.by_id, mine.search
    mine.turn_into(overlaid(COURTS, kept(gasb=NEW)).prepared())
    assert getattr(find("gasb"), "host", "") == NEW.host
    assert [one.host for one in search("ecf2.gasb.uscourts.gov")][:1] == [NEW.host]
    assert known("gasb").host == "ecf.gasb.uscourts.gov"
    with pytest.raises(ValueError, match="stays as it is"):
        Directory.shipped().turn_into(mine)


def test_courts_that_a_list_does_not_name_are_the_very_same() -> None:
    directory = overlaid(COURTS, kept(gasb=NEW))
    assert directory.by_id(ALMB) is known(CourtId("almb"))
