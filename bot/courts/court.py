"""One court: who it is, where its CM/ECF stands, and what is known of its NextGen go-live."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

CourtId = NewType("CourtId", str)
"""The court's short name in its CM/ECF address: `gasb` in ecf.gasb.uscourts.gov."""


class CourtKind(StrEnum):
    """What PACER calls the court's type."""

    BANKRUPTCY = "bankruptcy"
    DISTRICT = "district"
    APPELLATE = "appellate"
    NATIONAL = "national"


class Unlinkable(StrEnum):
    """Why the bot cannot link at a court."""

    APPELLATE = "appellate"
    OUTSIDE_PACER = "outside_pacer"


class Realm(StrEnum):
    """Which set of hosts is meant (LINK_ECF_REALM)."""

    PRODUCTION = "production"
    QA = "qa"
    TRAINING = "training"


SIGN_ON_HOST = {
    Realm.PRODUCTION: "pacer.login.uscourts.gov",
    Realm.QA: "qa-login.uscourts.gov",
    Realm.TRAINING: "train-login.uscourts.gov",
}
"""PACER's central sign-on by realm (protocol section 1.1)."""


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """A telephone of the court's own CM/ECF help desk; the division where the court names one."""

    phone: str
    division: str = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """What the front page of the court's CM/ECF offered on 20 December 2022: told to people and shown by the sandbox.

    `way` is "link", "button_onclick" or "meta_refresh"; `label` is the link's or button's own words ("" for a refresh);
    `target` is the address as the page wrote it. It is never used to decide where an attempt goes: the page itself is.
    """

    way: str
    label: str
    target: str


@dataclass(frozen=True, slots=True)
class GoLive:
    """What is known of the day a court moved to NextGen, in the court's own wall clock.

    `day` is None when only coarse words or nothing is known; `live_by` is the earliest dated public list that already
    shows the court on NextGen; `court_page` is where the court itself writes about NextGen.
    """

    day: date | None
    time: time | None
    status: str
    source: str
    note: str = ""
    coarse: str = ""
    live_by: date | None = None
    live_by_source: str = ""
    court_page: str = ""


@dataclass(frozen=True, slots=True)
class Court:
    """A federal court of the shipped list; `zone` is that of its clerk's main office.

    `help_desks` are telephones; `help_address` is an e-mail address or web form, for the few courts that name one.
    `software` is the version of CM/ECF as PACER's list last named it, "" for none.
    """

    id: CourtId
    pacer_id: str
    name: str
    short_name: str
    kind: CourtKind
    circuit: str
    state: str
    host: str
    web_url: str
    zone: ZoneInfo
    help_desks: tuple[HelpDesk, ...]
    go_live: GoLive
    cities: tuple[str, ...] = ()
    landing: Landing | None = None
    help_address: str = ""
    software: str = ""

    @property
    def unlinkable(self) -> Unlinkable | None:
        """Why the bot has no road here, or None: appellate courts run other software, `cavc` is outside PACER."""
        if not self.pacer_id:
            return Unlinkable.OUTSIDE_PACER
        if self.kind is CourtKind.APPELLATE:
            return Unlinkable.APPELLATE
        return None

    def live(self, now: datetime) -> bool | None:
        """Tell whether the court runs NextGen at `now` (aware); None when no date is known and its page must decide."""
        local = now.astimezone(self.zone)
        if self.go_live.live_by and local.date() >= self.go_live.live_by:
            return True
        if self.go_live.day is None:
            return None
        opening = datetime.combine(self.go_live.day, self.go_live.time or time(9), tzinfo=self.zone)
        return now >= opening

    def host_in(self, realm: Realm) -> str:
        """Return the CM/ECF host of this court in `realm` (protocol section 1.1: training courts are ecf-train)."""
        if realm is Realm.TRAINING:
            return re.sub(r"^ecf\.", "ecf-train.", self.host)
        return self.host
