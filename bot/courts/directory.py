"""The list of courts that ships with the bot, and the two ways to ask it: look up, and search as a person types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.courts.court import Court, CourtId, CourtKind, GoLive, HelpDesk, Landing
from bot.courts.search import Index

_KINDS = (CourtKind.BANKRUPTCY, CourtKind.DISTRICT, CourtKind.NATIONAL, CourtKind.APPELLATE)


class Directory:
    """Courts in the order people read a list: by state and district, then the national ones, then the appellate."""

    def __init__(self, courts: Iterable[Court]) -> None:
        self.all: Sequence[Court] = tuple(sorted(courts, key=_reading_order))
        self._by_id: Mapping[str, Court] = MappingProxyType({court.id: court for court in self.all})

    @staticmethod
    @cache
    def shipped() -> Directory:
        """Return the directory of bot/courts/courts.json, read on first use and kept."""
        listed = json.loads(files(__package__).joinpath("courts.json").read_text("utf-8"))
        return Directory(_court(record) for record in listed["courts"])

    def turn_into(self, other: Directory) -> None:
        """Become `other`, for everybody who holds this directory; have `other` prepared where it takes no one's time.

        Never done to the shipped one, which all share.
        """
        if self is Directory.shipped():
            raise ValueError("the shipped list stays as it is")
        self.all, self._by_id = other.all, other._by_id
        self.__dict__["_index"] = other._index

    def prepared(self) -> Directory:
        """Return this directory with its words ready to be searched: a fifth of a second that no loop should spend."""
        _ = self._index
        return self

    def by_id(self, court_id: str) -> Court | None:
        """Return the court whose id this is, whatever its case, else None."""
        return self._by_id.get(court_id.strip().lower())

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        """Return at most `limit` courts that `text` may mean, best first; the first of the list when it is blank.

        Safe for any text: only its first words count, and nothing in it is a pattern.
        """
        if limit <= 0:
            return ()
        if not text.strip():
            return self.all[:limit]
        return [self.all[place] for place in self._index.search(text)[:limit]]

    def plainly(self, text: str) -> Court | None:
        """Return the one court that `text` names without doubt (an id, a name, words that fit no other), else None."""
        place = self._index.plainly(text)
        return None if place is None else self.all[place]

    @cached_property
    def _index(self) -> Index:
        return Index(self.all)


def _reading_order(court: Court) -> tuple[bool, bool, str, str, int]:
    of_a_district = court.kind in {CourtKind.BANKRUPTCY, CourtKind.DISTRICT}
    district = court.short_name.removeprefix("Bankr. ")
    return (
        court.unlinkable is not None,
        not of_a_district,
        court.state if of_a_district else "",
        district,
        _KINDS.index(court.kind),
    )


def _court(record: Mapping[str, Any]) -> Court:
    landing = record.get("landing")
    return Court(
        id=CourtId(record["id"]),
        pacer_id=record["pacer_id"],
        name=record["name"],
        short_name=record["short_name"],
        kind=CourtKind(record["kind"]),
        circuit=record["circuit"],
        state=record["state"],
        host=record["host"],
        web_url=record["web_url"],
        zone=ZoneInfo(record["zone"]),
        help_desks=tuple(HelpDesk(desk["phone"], desk.get("division", "")) for desk in record.get("help_desks", ())),
        go_live=_go_live(record["go_live"]),
        cities=tuple(record.get("cities", ())),
        landing=landing and Landing(landing["way"], landing.get("label", ""), landing["target"]),
        help_address=record.get("help_address", ""),
        software=record.get("software", ""),
    )


def _go_live(known: Mapping[str, Any]) -> GoLive:
    day, at, live_by = known.get("day"), known.get("time"), known.get("live_by")
    return GoLive(
        day=day and date.fromisoformat(day),
        time=at and time.fromisoformat(at),
        status=known["status"],
        source=known.get("source", ""),
        note=known.get("note", ""),
        coarse=known.get("coarse", ""),
        live_by=live_by and date.fromisoformat(live_by),
        live_by_source=known.get("live_by_source", ""),
        court_page=known.get("court_page", ""),
    )
