"""The service: what is refused before any network, and that the door adds nothing to what the desk does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.attempts.attempt import AttemptView, QuestionNumber
from bot.courts.court import Court, CourtId, CourtKind, GoLive
from bot.courts.policy import Policies, Policy, Way
from bot.errors import Code
from bot.linker.values import ConfirmAnswer, Result
from bot.people import Person, Platform
from bot.secret import Login, Secret
from bot.service import Answered, Field, Flaw, LinkService, Messengers, Problem, Started
from tests.attempts.stage import ANN, Scene, Walk, court, form, scene, settle

GASB = court()
COMING = court("nvb", go_live=GoLive(date(2026, 12, 1), None, "target", ""))
KSB = court("ksb")
PAWD = court("pawd", kind=CourtKind.DISTRICT)
CA4 = court("ca4", kind=CourtKind.APPELLATE)
CAVC = court("cavc", pacer_id="", kind=CourtKind.NATIONAL)


class Shelf:
    """Six courts."""

    def __init__(self) -> None:
        self.courts = {one.id: one for one in (GASB, COMING, KSB, PAWD, CA4, CAVC)}

    def search(self, text: str, limit: int = 25) -> list[Court]:
        return [one for one in self.courts.values() if text in one.name][:limit]

    def plainly(self, text: str) -> Court | None:
        return self.by_id(text)

    def by_id(self, court_id: str) -> Court | None:
        return self.courts.get(CourtId(court_id))


async def linked(walk: Walk) -> Result:
    """End at once."""
    return walk.end()


def service(**changes: Any) -> tuple[LinkService, Scene]:
    """Return a service over the six courts."""
    s = scene(linked)
    return LinkService(**{"courts": Shelf(), "desk": s.desk, "clock": s.clock, **changes}), s


CASES = [
    ({"court": None}, Problem(Field.COURT, Flaw.MISSING)),
    ({"court": "zzz"}, Problem(Field.COURT, Flaw.UNKNOWN_COURT)),
    ({"court": "nvb"}, Problem(Field.COURT, Flaw.NOT_LIVE, Code.NOT_LIVE)),
    ({"court": "ca4"}, Problem(Field.COURT, Flaw.COURT_UNSUPPORTED, Code.COURT_UNSUPPORTED)),
    ({"court": "cavc"}, Problem(Field.COURT, Flaw.COURT_UNSUPPORTED, Code.COURT_UNSUPPORTED)),
    ({"pacer_username": Login("")}, Problem(Field.PACER_USERNAME, Flaw.MISSING)),
    ({"pacer_username": Login("ab123")}, Problem(Field.PACER_USERNAME, Flaw.SHORT_USERNAME, Code.PACER_REFUSED)),
    ({"pacer_username": Login("ab1234")}, Problem(Field.PACER_USERNAME, Flaw.LEGACY_USERNAME, Code.PACER_LEGACY)),
    ({"pacer_username": Login(" ab1234 ")}, Problem(Field.PACER_USERNAME, Flaw.LEGACY_USERNAME, Code.PACER_LEGACY)),
    ({"pacer_password": Secret("")}, Problem(Field.PACER_PASSWORD, Flaw.MISSING)),
    ({"cmecf_login": Login("")}, Problem(Field.CMECF_LOGIN, Flaw.MISSING)),
    ({"cmecf_password": Secret("")}, Problem(Field.CMECF_PASSWORD, Flaw.MISSING)),
    (
        {"court": "pawd", "cmecf_login": Login("ann&co")},
        Problem(Field.CMECF_LOGIN, Flaw.LOGIN_UNLINKABLE, Code.ECF_LOGIN_UNLINKABLE),
    ),
    (
        {"individual_account": False},
        Problem(Field.INDIVIDUAL_ACCOUNT, Flaw.NOT_TICKED, Code.INDIVIDUAL_ACCOUNT_REQUIRED),
    ),
    ({"redaction_acknowledged": False}, Problem(Field.REDACTION, Flaw.NOT_TICKED, Code.REDACTION_REQUIRED)),
    ({"court": "ksb", "caution_acknowledged": False}, Problem(Field.CAUTION, Flaw.NOT_TICKED)),
    ({"passcode": Secret("123 456")}, Problem(Field.PASSCODE, Flaw.PASSCODE_SHAPE, Code.PASSCODE_NEEDED)),
    ({"passcode": Secret("123")}, Problem(Field.PASSCODE, Flaw.PASSCODE_SHAPE, Code.PASSCODE_NEEDED)),
]


@pytest.mark.parametrize(("changes", "problem"), CASES)
async def test_each_flaw_is_found_alone_and_nothing_starts(changes: dict[str, Any], problem: Problem) -> None:
    """One thing wrong, one problem; no attempt, and what was typed is not spent, for the person corrects it."""
    door, s = service()
    sent = form(**changes)
    assert list(door.check(sent)) == [problem]
    assert await door.start(ANN, sent) == (problem,)
    await settle()
    assert s.linker.walks == []
    assert not sent.pacer_password.spent


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"passcode": None},
        {"passcode": Secret("")},
        {"passcode": Secret("ABCD-1234")},
        {"caution_acknowledged": False},
        {"cmecf_login": Login("ann&co")},
        {"pacer_username": Login("attorney")},
    ],
)
async def test_what_may_be_sent(changes: dict[str, Any]) -> None:
    """No passcode, a backup code of unknown shape, an odd login elsewhere: the court decides."""
    door, s = service()
    started = await door.start(ANN, form(**changes))
    assert isinstance(started, Started)
    await s.desk.ended(started.view.id)


async def test_a_court_goes_live_at_its_own_hour() -> None:
    """Nine o'clock in the morning of the court, where it names no other."""
    door, s = service()
    s.clock.seconds = 8 * 86400 + 2 * 3600 - 1  # 1 December 2026, 08:59:59 in New York; the stage begins at noon UTC
    assert door.hindrance(COMING) is Code.NOT_LIVE
    s.clock.seconds += 1
    assert door.hindrance(COMING) is None


async def test_the_firms_switch_and_the_firms_policy() -> None:
    """Linking off is off everywhere; a court set to by-hand is off there."""
    off, _ = service(linking=False)
    assert off.hindrance(GASB) is Code.LINKING_OFF
    guided, _ = service(policies=Policies({GASB.id: Policy(Way.GUIDED)}))
    assert guided.hindrance(GASB) is Code.LINKING_OFF
    assert guided.hindrance(KSB) is None
    assert list(guided.check(form())) == [Problem(Field.COURT, Flaw.LINKING_OFF, Code.LINKING_OFF)]


async def test_a_closing_service_says_so() -> None:
    """After the drain began nothing starts, in words and not by an exception."""
    door, s = service()
    await s.desk.drain(0)
    assert await door.start(ANN, form()) == (Problem(Field.COURT, Flaw.CLOSING, Code.INTERRUPTED),)


async def test_the_door_leads_to_the_desk() -> None:
    """Start, join, answer, stop and look up, by the person's own id."""
    door, s = service()
    started = await door.start(ANN, form())
    joined = await door.start(ANN, form())
    assert isinstance(started, Started)
    assert isinstance(joined, Started)
    assert (started.joined, joined.joined) == (False, True)
    view = await s.desk.ended(started.view.id)
    assert await door.attempt(ANN, view.id) == view
    assert list(await door.attempts(ANN)) == [view]
    assert list(await door.cancel(ANN)) == []
    assert await door.answer(ANN, view.id, QuestionNumber(1), ConfirmAnswer(True)) is Answered.TOO_LATE


async def test_each_platform_has_its_messenger() -> None:
    """A view goes to where its person is; a platform nobody serves is an error that can be seen."""
    seen: list[AttemptView] = []

    class Chat:
        async def arrived(self, view: AttemptView) -> bool:
            return True

        async def show(self, view: AttemptView) -> None:
            seen.append(view)

    s = scene(linked)
    view = (await s.desk.start(ANN, form().request(GASB))).view
    await s.desk.ended(view.id)
    messengers = Messengers()
    messengers.add(Platform.SLACK, Chat())
    await messengers.show(view)
    assert seen == [view]
    teams = replace(view, person=Person(Platform.TEAMS, ANN.workspace, ANN.id))
    with pytest.raises(KeyError):
        await messengers.show(teams)
