"""Tables as people save them: whatever parts the cells, names the columns or encodes the text, it is the same table."""

from __future__ import annotations

import csv
import zipfile
from datetime import date, datetime, time
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courts.directory import Directory
from bot.reminders.dates.event_csv import FileProblem, Line, ignored_columns, read_dates
from bot.reminders.dates.event_form import DateField
from bot.reminders.dates.typed import OtherZone, read_day, read_moment, read_time
from bot.reminders.people.roster_lines import LineFlaw, read_roster
from bot.reminders.table import NotATable, text_of

COURTS = Directory.shipped()
CENTRAL = ZoneInfo("America/Chicago")
ROWS = [
    ["court", "day", "time", "note"],
    ["arwb", "2027-03-08", "09:00", "a, b; c\td | e"],
    ["gasb", "2027-04-05", "", ""],
]
WANTED = [
    {"court": "arwb", "day": "2027-03-08", "time": "09:00", "note": "a, b; c\td | e"},
    {"court": "gasb", "day": "2027-04-05", "time": "", "note": ""},
]


def saved(delimiter: str = ",", rows: list[list[str]] = ROWS) -> str:
    """The rows as a program would save them."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def given_by(content: bytes) -> list[dict[str, str]]:
    """What each line of a file gives."""
    lines = read_dates(content)
    assert not [line for line in lines if isinstance(line, FileProblem)], lines
    return [{field.value: said for field, said in line.given.items()} for line in lines if isinstance(line, Line)]


SAVED = {
    **{f"parted by {one!r}": saved(one).encode() for one in ",;\t|"},
    "with a byte order mark": saved().encode("utf-8-sig"),
    "UTF-16": saved().encode("utf-16"),
    "UTF-16 little endian, no mark": saved().encode("utf-16-le"),
    "UTF-16 big endian, no mark": saved().encode("utf-16-be"),
    "a sep line": b"sep=;\r\n" + saved(";").encode(),
    "a title above": b"Courts as of 3/8/2021,,,\r\n\r\n" + saved().encode(),
    "trailing commas": "\r\n".join(f"{line},," for line in saved().splitlines()).encode(),
    "short rows": saved().encode().replace(b"2027-04-05,,", b"2027-04-05"),
    "other headings": saved().replace("court,day,time,note", "Court ID,Go-Live Date,Opening time,Comments").encode(),
    "columns of no interest": saved(rows=[[*row, "x"] for row in ROWS]).replace("note,x", "note,Budget").encode(),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_table_is_the_same_however_it_was_saved(how: str) -> None:
    assert given_by(SAVED[how]) == WANTED


def test_columns_of_no_interest_are_named() -> None:
    assert ignored_columns(SAVED["columns of no interest"]) == ("Budget",)
    assert ignored_columns(SAVED["trailing commas"]) == ()


def test_the_windows_code_page_is_read() -> None:
    content = "court,day,note\narwb,2027-03-08,O\u2019Brien\n".encode("cp1252")
    assert given_by(content)[0]["note"] == "O\u2019Brien"


def spreadsheet(cells: str) -> bytes:
    """A spreadsheet of one sheet, as small as they come."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def test_a_spreadsheet_is_read_as_it_is() -> None:
    words = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in ("court", "day", "time"))
    line = '<c t="inlineStr"><is><t>arwb</t></is></c><c><v>46454</v></c><c><v>0.375</v></c>'
    content = spreadsheet(f"<row>{words}</row><row>{line}</row>")
    assert given_by(content) == [{"court": "arwb", "day": "46454", "time": "0.375"}]
    assert (read_day("46454"), read_time("0.375")) == (date(2027, 3, 8), time(9))


def test_what_is_no_spreadsheet_and_what_unpacks_to_too_much_is_said() -> None:
    with pytest.raises(NotATable):
        text_of(b"PK\x03\x04" + bytes(range(256)))
    huge = spreadsheet("<row><c><v>1</v></c></row>" + " " * 60_000_000)
    (problem,) = read_dates(huge)
    assert isinstance(problem, FileProblem)
    assert problem.flaw.value == "too_large"


DAY = date(2027, 3, 8)
DAYS = (
    *("3/8/2027", "03/08/2027", "3-8-2027", "3/8/27", "2027-03-08", "2027-3-8", "2027-03-08 00:00:00", "8-Mar-27"),
    *("8-Mar-2027", "March 8, 2027", "Mar. 8, 2027", "Mon, March 8, 2027", "Monday March 8 2027", "8 March 2027"),
    *("46454", "March 8th, 2027", "2027-03-08T00:00"),
)


@pytest.mark.parametrize("said", DAYS)
def test_days_as_people_write_them(said: str) -> None:
    assert read_day(said) == DAY


@pytest.mark.parametrize("said", ["13/8/2027", "2/30/2027", "2027-13-01", "8/Mar", "Marchy 8, 2027", "1", "", "soon"])
def test_what_can_be_no_day_is_none(said: str) -> None:
    assert read_day(said) is None


@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_slashes_are_american_and_every_day_is_read_back(day: date) -> None:
    assert read_day(f"{day.month}/{day.day}/{day.year}") == day
    assert read_day(day.strftime("%d-%b-%y")) == day
    assert read_day(day.strftime("%B %d, %Y")) == day
    assert read_day(str((day - date(1899, 12, 30)).days)) == day


TIMES = ("9:00", "09:00", "9:00 AM", "9am", "9 a.m.", "09:00:00", "0900", "09:00 CT", "9 AM Central Time", "9:00 (CDT)")


@pytest.mark.parametrize("said", TIMES)
def test_times_as_people_write_them(said: str) -> None:
    assert read_time(said, CENTRAL, DAY) == time(9)


@pytest.mark.parametrize("said", ["9", "25:00", "13 PM", "0 AM", "09:60", "half past nine", "09:00:30"])
def test_what_can_be_no_time_is_none(said: str) -> None:
    assert read_time(said) is None


@pytest.mark.parametrize("said", ["09:00 ET", "9 AM Eastern", "9:00 PST", "17:00 GMT"])
def test_a_zone_that_is_not_the_courts_is_refused(said: str) -> None:
    with pytest.raises(OtherZone):
        read_time(said, CENTRAL, DAY)


@pytest.mark.parametrize("said", ["3/8/2027 17:00", "2027-03-08T17:00", "Mar 8, 2027 5:00 PM", "3/8/2027, 5 p.m. CT"])
def test_moments_as_people_write_them(said: str) -> None:
    assert read_moment(said, CENTRAL) == datetime.combine(DAY, time(17))


def roster(text: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Who a roster names."""
    found = read_roster(text, COURTS.plainly)
    assert found.bad == ()
    return {line.email: (line.courts, line.office) for line in found.lines}


ANNA = {"anna@firm.example": (("gasb", "gand"), "Savannah")}
ROSTERS = {
    "typed with commas": "anna@firm.example, gasb, gand, Savannah\n",
    "names before addresses": "Anna Smith <anna@firm.example>; gasb, gand; Savannah\n",
    "last name first": "Last Name,First Name,Email Address,Courts,Office\n"
    'Smith,Anna,anna@firm.example,"GASB, GAND",Savannah\n',
    "courts by name": "Email addr.|Court(s)|Office location\nanna@firm.example|gasb; N.D. Georgia|Savannah\n",
    "a name in front": "Anna,anna@firm.example,gasb;gand,Savannah\n",
    "a title above": "Roster 2021,,\nemail,courts,office\nanna@firm.example,gasb gand,Savannah\n",
    "not quoted": "email,courts,office\nanna@firm.example,gasb,gand,Savannah\n",
}


@pytest.mark.parametrize("how", ROSTERS)
def test_a_roster_is_the_same_however_it_was_written(how: str) -> None:
    assert roster(ROSTERS[how]) == ANNA


def test_a_court_is_never_an_office() -> None:
    assert roster("ben@firm.example, nysb, nysd\n") == {"ben@firm.example": (("nysb", "nysd"), "")}
    said = read_roster("ben@firm.example, nysb, nowhere at all, Boston\n", COURTS.plainly)
    assert [bad.flaw for bad in said.bad] == [LineFlaw.COURT]


def test_an_empty_roster_and_one_with_a_header_alone_name_nobody() -> None:
    for text in ("", "\n\n", "email,courts,office\n"):
        assert read_roster(text, COURTS.plainly).lines == ()


@given(st.text(max_size=200))
def test_nothing_that_is_typed_raises(text: str) -> None:
    read_roster(text, COURTS.plainly)
    read_day(text)
    read_moment(text)
    read_time(text)


def test_every_field_has_a_heading() -> None:
    for field in DateField:
        if field not in (DateField.EVENT, DateField.COURT):
            assert ignored_columns(f"court,{field.value}\n".encode()) == ()
