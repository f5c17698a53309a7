"""What moves a person in the register, each with its line of the audit: one never comes without the other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person
from bot.register import event as said
from bot.register.event import AuditEvent, Event, Result
from bot.register.standing import (
    CourtNotLive,
    Happening,
    Invited,
    NeededAfterAll,
    NotNeeded,
    SelfReported,
    SelfReportWithdrawn,
    ended,
    started,
)
from bot.secret import Login


@dataclass(frozen=True, slots=True)
class Change:
    """A happening at a court, to one person; `office` is the person's, "" leaves what is known of it.

    `about` is whose entry moves, `event.person` who did it: an admin may mark that another person does not file there.
    """

    event: AuditEvent
    happening: Happening
    about: Person
    office: str = ""

    @property
    def court(self) -> CourtId:
        """The court that it happened at."""
        return self.event.court


def attempt_started(
    person: Person, court: CourtId, incident: str, *, login: Login, account: Login, office: str = ""
) -> Change:
    """The person's own attempt began, with this CM/ECF login and this PACER user name; two characters of each stay."""
    event = AuditEvent(Event.ATTEMPT_STARTED, person, court, incident)
    return Change(event, started(incident, login=login, account=account), person, office)


def attempt_ended(person: Person, court: CourtId, result: Result) -> Change:
    """The attempt ended with `result`, whose menus are the evidence."""
    over = ended(result.incident, result.code, result.menu_before, result.menu_after)
    return Change(said.ended(person, court, result), over, person)


def attempt_taken_over(person: Person, court: CourtId, incident: str, code: Code, by: str) -> Change:
    """Replica `by` ended the attempt of one that is gone, with `interrupted` or `outcome_unknown` (design 6)."""
    return Change(said.taken_over(person, court, incident, code, by), ended(incident, code), person)


def self_reported(person: Person, court: CourtId, *, done: bool = True) -> Change:
    """The person said that they have linked by hand, or took it back."""
    event = AuditEvent(Event.SELF_REPORTED, person, court, facts={"done": done})
    return Change(event, SelfReported() if done else SelfReportWithdrawn(), person)


def need_set(person: Person, court: CourtId, *, needed: bool, by: Person) -> Change:
    """`by` said whether `person` files at this court at all."""
    event = AuditEvent(Event.NEED_SET, by, court, facts={"needed": needed})
    return Change(event, NeededAfterAll() if needed else NotNeeded(), person)


def invited(person: Person, court: CourtId, *, office: str = "") -> Change:
    """The bot told the person that the court can be linked now."""
    return Change(AuditEvent(Event.INVITED, person, court), Invited(), person, office)


def court_not_live(person: Person, court: CourtId, *, office: str = "") -> Change:
    """The court was found not to be on NextGen yet when the person asked for it."""
    return Change(AuditEvent(Event.COURT_NOT_LIVE, person, court), CourtNotLive(), person, office)
