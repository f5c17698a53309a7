"""Days, times and moments as people type and as spreadsheets save them: pure, in the court's own clock.

Slashes are read in the American order, month first; a day that cannot be one is none, and is never turned around.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_AMERICAN = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_SERIAL = date(1899, 12, 30)
_MIDNIGHT = re.compile(r"[\sT]+(?:00:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*a\.?m\.?)$", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?(?::00(?:\.0+)?)?\s*(?:([ap])\.?\s*m\.?)?", re.IGNORECASE)
_ZONED = re.compile(
    r"^(?P<time>.*?\S)\s*\(?(?P<zone>[a-z]{2,4}"
    r"|(?:eastern|central|mountain|pacific|alaska|hawaii|atlantic|chamorro|local|court)"
    r"(?:\s+(?:standard|daylight))?(?:\s+time)?)\)?$",
    re.IGNORECASE,
)
_WORDS = {"noon": time(12), "12 noon": time(12), "midnight": time(0), "12 midnight": time(0)}
_FAMILIES = {
    **{"eastern": "e", "central": "c", "mountain": "m", "pacific": "p"},
    **{"alaska": "ak", "hawaii": "h", "atlantic": "a", "chamorro": "ch"},
}


class OtherZone(ValueError):
    """The time names a zone that is not the court's."""


def read_day(text: str) -> date | None:
    """Return the day that `text` can only be, None for anything else."""
    said = _WEEKDAY.sub("", _MIDNIGHT.sub("", text.strip()))
    try:
        if found := _ISO.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _AMERICAN.fullmatch(said):
            return date(_year(found[4]), int(found[1]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(said):
            return date(_year(found[3]), _month(found[2]), int(found[1]))
        if found := _MONTH_FIRST.fullmatch(said):
            return date(_year(found[3]), _month(found[1]), int(found[2]))
        if _SERIAL.fullmatch(said) and float(said).is_integer():
            return _FIRST_SERIAL + timedelta(days=int(float(said)))
    except (ValueError, OverflowError):
        return None
    return None


def read_time(text: str, zone: ZoneInfo | None = None, day: date | None = None) -> time | None:
    """Return the time of day that `text` can only be, None for anything else.

    A zone behind it has to be the court's (`zone`), at `day` where that is known. Raises OtherZone.
    """
    said = " ".join(text.split()).casefold()
    if (plain := _plain_time(said)) is not None:
        return plain
    found = _ZONED.match(said)
    at = _plain_time(found["time"]) if found else None
    if found is None or at is None:
        return None
    if zone is not None and not _is_of(found["zone"], zone, day):
        raise OtherZone(text)
    return at


def read_moment(text: str, zone: ZoneInfo | None = None) -> datetime | None:
    """Return the day and time of day (naive, the court's clock) that `text` can only be. Raises OtherZone."""
    said = " ".join(text.replace("T", " ", 1).split() if _ISO.match(text.strip()) else text.split())
    if _SERIAL.fullmatch(said):
        return _serial(float(said))
    words = re.split(r"(?:,?\s+(?:at\s+)?)", said)
    for place in range(len(words) - 1, 0, -1):
        day = read_day(" ".join(words[:place]))
        at = read_time(" ".join(words[place:]), zone, day) if day is not None else None
        if day is not None and at is not None:
            return datetime.combine(day, at)
    return None


def _serial(days: float) -> datetime:
    minutes = round(days * 24 * 60)
    return datetime.combine(_FIRST_SERIAL, time()) + timedelta(minutes=minutes)


def _plain_time(said: str) -> time | None:
    if said in _WORDS:
        return _WORDS[said]
    if re.fullmatch(r"0?\.\d+|0", said) and said != "0":
        return _serial(float(said)).time()
    found = _CLOCK.fullmatch(said)
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if ":" not in said and half is None and len(found[1]) + 2 != len(said.strip()):
        return None
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _is_of(said: str, zone: ZoneInfo, day: date | None) -> bool:
    """Tell whether an American name of a zone is the court's: CT is, and CST or CDT where the day has that."""
    words = said.split()
    if words[0] in ("local", "court"):
        return True
    noon = datetime.combine(day or date(2027, 1, 15), time(12), zone)
    own = (noon.tzname() or "").casefold()
    # "CT" is whichever of the two the day has; "CST" in July is what people write, and mean the clock on the wall.
    family = own[:-2]
    return _FAMILIES.get(words[0], "") == family or words[0] in {f"{family}t", f"{family}st", f"{family}dt"}


def _month(name: str) -> int:
    said = name.casefold()
    if said[:3] not in _MONTHS or not (len(said) == 3 or said == "sept" or said in _NAMES):
        raise ValueError(name)
    return _MONTHS.index(said[:3]) + 1


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
