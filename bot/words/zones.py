"""Time zones by the names that people use, and moments as people write them: weekday, date, hour, zone.

Every moment that a notice or an answer names is said by `moment_words`, once in each zone that matters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "America/New_York": ("Eastern Time", "est edt et new york"),
        "America/Chicago": ("Central Time", "cst cdt ct"),
        "America/Denver": ("Mountain Time", "mst mdt mt"),
        "America/Los_Angeles": ("Pacific Time", "pst pdt pt california"),
        "America/Phoenix": ("Arizona Time", "mst mountain"),
        "America/Anchorage": ("Alaska Time", "akst akdt"),
        "Pacific/Honolulu": ("Hawaii Time", "hst"),
        "America/Puerto_Rico": ("Atlantic Time, Puerto Rico", "ast san juan"),
        "America/St_Thomas": ("Atlantic Time, Virgin Islands", "ast st croix"),
        "Pacific/Guam": ("Chamorro Time, Guam", "chst"),
        "Pacific/Saipan": ("Chamorro Time, Northern Mariana Islands", "chst cnmi"),
        "America/Detroit": ("Eastern Time, Detroit", "est edt et michigan"),
        "America/Indiana/Indianapolis": ("Eastern Time, Indianapolis", "est edt et"),
        "America/Kentucky/Louisville": ("Eastern Time, Louisville", "est edt et"),
        "America/Boise": ("Mountain Time, Boise", "mst mdt mt idaho"),
        "UTC": ("UTC", "gmt universal"),
    }
)
"""Zones of federal courts, first in every list, and what else people type for them."""

_LEFT_OUT = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")
"""Groups of old names for zones that have a newer one."""


def zone_name(zone: ZoneInfo) -> str:
    """Return the zone as people say it: "Eastern Time", "Paris, Europe"."""
    return _name(zone.key)


def find_zones(text: str, limit: int = 25) -> Sequence[ZoneInfo]:
    """Return the zones that `text` may mean, those of courts first; safe for any text, only its first words count."""
    asked = _words(text[:80])[:6]
    fit = (key for key, said in _said().items() if all(any(one.startswith(word) for one in said) for word in asked))
    return [ZoneInfo(key) for key, _ in zip(fit, range(limit), strict=False)]


def day_words(day: date) -> str:
    """Return the date as people write it, with its weekday: "Monday, March 29, 2021"."""
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


def time_words(at: time) -> str:
    """Return the hour as people write it: "9:00 a.m.", "noon"."""
    if (at.hour, at.minute) in {(12, 0), (0, 0)}:
        return "noon" if at.hour else "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'a.m.' if at.hour < 12 else 'p.m.'}"


def moment_words(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment (aware) as a clock in `zone` shows it: "Monday, March 29, 2021, 9:00 a.m. Eastern Time"."""
    there = at.astimezone(zone)
    return f"{day_words(there.date())}, {time_words(there.time())} {zone_name(zone)}"


def both_words(at: datetime, there: ZoneInfo, here: ZoneInfo) -> str:
    """Return a moment by the court's clock (`there`) and, where that one shows something else, by the person's."""
    court = moment_words(at, there)
    same = at.astimezone(there).replace(tzinfo=None) == at.astimezone(here).replace(tzinfo=None)
    return court if same else f"{court} (for you: {moment_words(at, here)})"


@cache
def _available() -> frozenset[str]:
    """Return the ids of every zone that is known here and has a place in its name; read once."""
    return frozenset(one for one in available_timezones() if "/" in one and not one.startswith(_LEFT_OUT))


def _name(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key][0]
    region, *places = key.replace("_", " ").split("/")
    return ", ".join((*reversed(places), region)) if places else region


@cache
def _said() -> Mapping[str, frozenset[str]]:
    """Every word that may be typed for each zone, in the order in which zones are listed."""
    others = sorted(_available() - set(_NAMES), key=_name)
    return {key: frozenset(_words(f"{_name(key)} {_NAMES.get(key, ('', ''))[1]} {key}")) for key in (*_NAMES, *others)}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9+]+", text.casefold())
