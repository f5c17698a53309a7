"""PACER's court look-up with all that is odd about it (reference courts, section 3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courts.court import HelpDesk
from bot.courts.facts import Facts, compare
from bot.courts.feed import MOST_BYTES, UNKNOWN, Ignored, NotALookup, read_feed
from tests.courts.feeds import COURTS, GASB, MADE, facts, feed, ignored, known, read, record

SAMPLE = Path(__file__).parents[2].parent / "shared" / "pacer-court-lookup-sample.json"


def test_when_it_was_made_and_how_much_it_has() -> None:
    listing = read(record("gasb"), record("almb"))
    assert (listing.made, listing.records, set(listing.courts)) == (MADE, 2, {"gasb", "almb"})


@pytest.mark.skipif(not SAMPLE.exists(), reason="the real records are not beside this copy of the project")
def test_the_real_records_say_what_the_shipped_list_says() -> None:
    """Every oddity that PACER's own program made, read without a single false difference."""
    listing = read_feed(SAMPLE.read_bytes(), COURTS)
    assert (listing.records, len(listing.courts)) == (13, 11)
    assert {one.court for one in listing.ignored} == {"00PCL", "SCOTUS", "6 records"}
    found = compare(COURTS, {}, listing.courts, hosts=True)
    assert (found.changes, found.hosts, found.keep) == ((), (), {})


def test_every_shipped_court_reads_back_as_it_is() -> None:
    """Extensions, options, several telephones, trailing slashes: no false difference."""
    listing = read(*(record(court.id) for court in COURTS if court.pacer_id))
    assert len(listing.courts) == 208
    found = compare(COURTS, {}, listing.courts, hosts=True)
    assert {one.fact for one in found.changes} <= {"help_desks"}  # our records leave the divisions out
    assert found.hosts == ()


def test_the_date_is_never_read() -> None:
    """It is the first go-live, of 1997 to 2014; told once, whatever it looks like."""
    listing = read(record(go_live_date="March 8, 2031"), record("almb", go_live_date=7))
    assert listing.ignored == (Ignored("2 records", "go_live_date", "it is the first CM/ECF go-live, never NextGen's"),)
    assert "2031" not in json.dumps(listing.courts[GASB].as_json())


def test_missing_keys_say_nothing() -> None:
    assert facts(login_url=..., web_url=..., software_version=..., help_desk=..., go_live_date=...) == Facts()


@pytest.mark.parametrize(
    ("entries", "desks"),
    [
        ({"0": {"phone": "334-954-3800"}, "4": {"phone": "334-954-3801"}}, ["334-954-3800", "334-954-3801"]),
        ({"courtId": "gasbk", "phone": "(912) 650-4100"}, ["912-650-4100"]),
        ([{"phone": "1-912-650-4100", "phoneExt": "12"}], ["912-650-4100 ext. 12"]),
        ([{"phone": "9126504100", "phoneExt": "Ext. 12"}], ["912-650-4100 ext. 12"]),
        ([{"phone": "912.650.4100 x12"}], ["912-650-4100 ext. 12"]),
        ([{"phone": "866-222-8029, Option 12"}], ["866-222-8029, Option 12"]),
        ([{"phone": 9126504100}], ["912-650-4100"]),
        ([{"phone": "Here 319-286-2300<BR>There 712-233-3900"}], ["319-286-2300 Here", "712-233-3900 There"]),
        ([{"phone": "319-286-2300&lt;br /&gt;<b>712-233-3900</b>"}], ["319-286-2300", "712-233-3900"]),
        ([{"phone": "(602) 682-4000 or (800) 556-9230", "division": "A &amp; B"}], 2 * ["A & B"]),
        ([{"phone": "912-650-4100"}, {"phone": "912-650-4100"}], ["912-650-4100"]),
        ([{"phone": "912-650-4100\u202e\u0007"}], ["912-650-4100"]),
    ],
)
def test_help_desks(entries: object, desks: list[str]) -> None:
    found = facts(help_desk=entries).help_desks
    assert found is not None
    assert len(found) == len(desks)
    for desk, wanted in zip(found, desks, strict=True):
        assert wanted in {f"{desk.phone} {desk.division}".strip(), desk.division}


def test_a_help_desk_that_is_an_address() -> None:
    """It takes the place of the telephones: the court gives none any more."""
    found = facts(help_desk=[{"phone": "help&#064;gas.uscourts.gov"}])
    assert (found.help_desks, found.help_address) == ((), "help@gas.uscourts.gov")
    assert facts(help_desk=[{"phone": "https://www.ca9.uscourts.gov/ask/"}]).help_address is not None


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([{"phone": "[email&#160;address]"}], "its e-mail address is hidden"),
        ([{"phone": "call us"}], "an entry of it has no telephone"),
        ([{"phone": None}], "an entry of it has no telephone"),
        ([None], "an entry of it has no telephone"),
        ([{"phone": "http://evil.example/help"}], "an entry of it has no telephone"),
        ([{"courtId": "ALMBK", "phone": "912-650-4100"}], "an entry of it belongs to ALMBK"),
        (
            [{"phone": f"912-650-{n}"} for n in range(4100, 4121)],
            "21 telephones are too many to show; the old ones stay",
        ),
    ],
)
def test_help_desks_that_are_left_alone(entries: object, why: str) -> None:
    assert facts(help_desk=entries).help_desks is None
    assert {one.why for one in ignored(help_desk=entries)} == {why}


@pytest.mark.parametrize(
    "url", ["https://ecf.gasb.uscourts.gov/", "http://ECF.gasb.uscourts.gov//", "https://ecf.gasb.uscourts.gov:443/x"]
)
def test_hosts_are_names_whatever_is_around_them(url: str) -> None:
    assert facts(login_url=url).host == "ecf.gasb.uscourts.gov"


@pytest.mark.parametrize(
    "url",
    [
        "https://ecf.gasb.uscourts.gov.evil.example",
        "https://evil.example/?ecf.gasb.uscourts.gov",
        "https://evil.example#.uscourts.gov",
        "https://evil.example\\.uscourts.gov",
        "https://user@ecf.gasb.uscourts.gov",
        "https://ecf.gasb.uscourts.gov:8443",
        "https://ecf.gasb.uscourts.gov:99999",
        "https://\u0435cf.gasb.uscourts.gov",
        "https://eviluscourts.gov",
        "https://uscourts.gov",
        "https://ecf..uscourts.gov",
        "https://pacer.login.uscourts.gov",
        "https://pacer.uscourts.gov",
        "javascript:alert(1)",
        "//ecf2.gasb.uscourts.gov",
        "https://[::1",
        "",
        None,
        7,
    ],
)
def test_hosts_that_are_left_alone(url: object) -> None:
    assert facts(login_url=url).host is None
    assert {one.what for one in ignored(login_url=url)} == {"login_url"}


def test_a_host_is_never_another_courts() -> None:
    """Two systems may share one only where the shipped list has them share it."""
    assert facts(login_url="https://ecf.almb.uscourts.gov").host is None
    assert {one.why for one in ignored(login_url="https://ecf.almb.uscourts.gov")} == {
        "ecf.almb.uscourts.gov is the host of almb"
    }
    assert facts("bap1").host == facts("ca1").host == "ecf.ca1.uscourts.gov"


@pytest.mark.parametrize(
    "url",
    ["http://www.gasb.uscourts.gov.evil.example", "ftp://www.gasb.uscourts.gov", "https://a b.uscourts.gov", "x", {}],
)
def test_web_addresses_that_are_left_alone(url: object) -> None:
    assert facts(web_url=url).web_url is None
    assert {one.what for one in ignored(web_url=url)} == {"web_url"}


@pytest.mark.parametrize("version", ["", "6.1", "CM/ECF " + "9" * 100, None, ["NextGen CM/ECF"]])
def test_versions_that_are_left_alone(version: object) -> None:
    assert facts(software_version=version).software is None
    assert {one.what for one in ignored(software_version=version)} == {"software_version"}


def test_who_is_no_court_of_ours() -> None:
    listing = read(record(), {"court_id": "00PCL"}, {"court_id": "SCOTUS"}, {"court_id": "xxbk<b>"}, {}, None, [], "x")
    told = {(one.court, one.why) for one in listing.ignored if one.what == "court_id"}
    assert {court for court, _ in told} == {"00PCL", "SCOTUS", "XXBK", "a record"}
    assert ("XXBK", UNKNOWN) in told


def test_a_court_that_is_there_twice() -> None:
    """Alike it counts, unlike it does not: nobody can say which is right."""
    twice = read(record(), record())
    assert twice.courts[GASB].host == known("gasb").host
    assert ("GASBK", "it is there more than once, and says the same") in {(one.court, one.why) for one in twice.ignored}
    unlike = read(record(), record(software_version="NextGen CM/ECF Release 1.8"), record("almb"))
    assert set(unlike.courts) == {"almb"}
    assert any(one.court == "GASBK" and "differ" in one.why for one in unlike.ignored)


def test_records_as_an_object_or_bare() -> None:
    """PACER's own program writes a list with gaps as an object."""
    for data in (feed(data={"0": record(), "7": record("almb")}), json.dumps([record(), record("almb")]).encode()):
        assert set(read_feed(data, COURTS).courts) == {"gasb", "almb"}
    assert read_feed(b"\xef\xbb\xbf" + feed(record(), meta=...), COURTS).made == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><title>Down for maintenance</title>", "a web page"),
        (b"\x1f\x8b\x08", "compressed"),
        (feed(record())[:-40], "cut off"),
        (feed(record())[:-1], "cut off"),
        (b'{"data": [tru', "cut off"),
        (b"x", "not JSON"),
        (b'{\n"data": [}, 1]}', "not JSON (line 2, column 10)"),
        (b'{"data": "\xff"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"data": ' + b"1" * 5_000 + b"}", "not JSON"),
        (b"null", "no list of courts"),
        (b'{"data": []}', "no list of courts"),
        (b'{"data": "x"}', "no list of courts"),
        (feed({"court_id": "XX"}), "No court of it is known"),
        (b" " * (MOST_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_look_up(data: bytes, words: str) -> None:
    with pytest.raises(NotALookup) as said:
        read_feed(data, COURTS)
    assert words in str(said.value)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["912-650-4100", "https://a.uscourts.gov"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["0", "phone", "courtId", "x"]), inner),
    max_leaves=8,
)


@given(changes=st.dictionaries(st.sampled_from(["login_url", "web_url", "software_version", "help_desk"]), JUNK))
def test_whatever_a_record_holds_the_next_one_is_read(changes: dict[str, object]) -> None:
    """And only what may be shown and dialled comes out."""
    listing = read(record("gasb", **changes), record("almb"))
    assert listing.courts[known("almb").id].host == known("almb").host
    for desk in listing.courts[GASB].help_desks or ():
        assert isinstance(desk, HelpDesk)
        assert f"{desk.phone}{desk.division}".isprintable()
