"""Pages told by what they hold: menus without classes, unlisted doors of front pages, outages by their words."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.courts.court import SIGN_ON_HOST, Realm
from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.pages import REFUSED, Down, FrontPage, Menu, Page, Unknown
from bot.linker.reading import read

COURT = "https://ecf.gasb.uscourts.gov"
FENCE = Fence(court="ecf.gasb.uscourts.gov", sign_on=SIGN_ON_HOST[Realm.PRODUCTION])

ITEMS = (
    "<a href='/cgi-bin/iquery.pl'>Q</u>uery</a>",
    "<a href='/cgi-bin/DisplayMenu.pl?Utilities&id={id}'>U</u>tilities</a>",
    "<a href='../cgi-bin/login.pl?logout'>Logout</a>",
)
BARS = {
    "no label class": "<div id=topmenu><ul><li>{0}</li><li>{1}</li><li>{2}</li></ul></div>",
    "no topmenu": "<ul class=nav><li>{0}</li><li>{1}</li><li>{2}</li></ul>",
    "a table": "<table><tr><td>{0}</td><td>{1}</td><td>{2}</td></tr></table>",
    "a plain line": "<div>{0} | {1} | {2}</div>",
}


def at(path: str, body: str, title: str = "CM/ECF") -> Page:
    """How the court's page at this path is read."""
    return read(Document(URL(COURT + path), f"<html><title>{title}</title><body>{body}</body></html>"), FENCE)


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("linked", [False, True])
def test_a_menu_is_told_by_its_items(bar: str, linked: bool) -> None:
    events = "<a href='/cgi-bin/DisplayMenu.pl?CivilEvents'>Civil</a>" if linked else ""
    first, *others = (one.format(id=17 if linked else -1) for one in ITEMS)
    page = at("/cgi-bin/DisplayMenu.pl?Home", BARS[bar].format(events + first, *others) + "<div><p>Welcome</p></div>")
    assert isinstance(page, Menu)
    assert page.linked is linked
    assert page.bar is not None
    assert page.bar.utilities is not None
    assert "Query" in page.bar.labels
    assert page.lines == ("Welcome",)


DOORS = {
    "showpage": ("<a href='/cgi-bin/showpage.pl?16'>CM/ECF Document Access</a>", "/cgi-bin/showpage.pl"),
    "a label of no list": ("<a href='/cgi-bin/start.pl'>Click Here to Start CM/ECF</a>", "/cgi-bin/start.pl"),
    "among others": (
        "<a href='/cgi-bin/rss_outside.pl'>RSS</a><a href='/cgi-bin/WhatsUp.pl'>News</a>"
        "<a href='/cgi-bin/begin.pl'>Log in</a>",
        "/cgi-bin/begin.pl",
    ),
    "a picture": ("<a href='/cgi-bin/start.pl'><img alt='Enter CM/ECF' src=x></a>", "/cgi-bin/start.pl"),
}


@pytest.mark.parametrize("case", DOORS)
def test_a_door_of_no_list_is_found_on_a_front_page(case: str) -> None:
    body, path = DOORS[case]
    page = at("/", body)
    assert isinstance(page, FrontPage)
    assert page.enter.path == path
    assert not isinstance(at("/cgi-bin/Other.pl", body), FrontPage)


def test_two_doors_are_none() -> None:
    assert isinstance(at("/", "<a href='/cgi-bin/a.pl'>Start</a><a href='/cgi-bin/b.pl'>Enter</a>"), Unknown)
    assert isinstance(at("/", "<a href='/cgi-bin/iquery.pl'>Start a query</a>"), Unknown)


NOTICES = (
    "CM/ECF is not available. The system is being upgraded to NextGen CM/ECF and will be available Monday at 9:00 AM.",
    "CM/ECF will be unavailable from Friday 5:00 PM until Monday 8:00 AM for an upgrade to NextGen.",
    "Attorneys and the public are temporarily unable to connect to our CM/ECF system.",
    "Not Found. The requested URL /cgi-bin/login.pl was not found on this server.",
    "Our system is offline for maintenance.",
    "The server is undergoing routine maintenance.",
    "We are experiencing a nationwide service disruption.",
)


@pytest.mark.parametrize("notice", NOTICES)
def test_an_outage_is_told_by_many_words(notice: str) -> None:
    assert at("/", f"<h2>{notice}</h2>") == Down(URL(COURT + "/"))


@pytest.mark.parametrize("notice", NOTICES)
def test_a_front_page_with_news_is_a_front_page(notice: str) -> None:
    door = "<a href='/cgi-bin/login.pl'>Document Filing System</a>"
    assert isinstance(at("/", f"<p>Notice: {notice}</p>{door}"), FrontPage)


def test_a_firewall_has_words_of_its_own() -> None:
    body = "The requested URL was rejected. Please consult with your administrator. Your support ID is: 123"
    assert at("/", body, "Request Rejected") == Down(URL(COURT + "/"), why=REFUSED)
