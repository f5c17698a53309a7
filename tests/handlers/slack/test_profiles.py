"""People and channels looked up in Slack: found, not found, not to be told, and nothing of them in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.people import PersonId, WorkspaceId
from bot.reminders.delivery.letter import Limited, Why
from bot.reminders.people.profiles import CannotTell, Looked, NotFound, Profile
from bot.sandbox.slack import BOT_TOKEN, TEAM, Fault, PretendSlack, Rate
from handlers.slack import OneWorkspace, slack_session, web_client
from handlers.slack.profiles import SlackProfiles
from tests.handlers.slack.post_stage import FewClients, StillClock, posting
from tests.handlers.slack.stage import ANNA, TOKENS, Everything, person
from tests.handlers.slack_contract import Contract

HERE = WorkspaceId(TEAM)
EMAIL = "anna.smith@firm.example"


@pytest.fixture
def clock(slack: PretendSlack) -> StillClock:
    clock = StillClock()
    slack.api.limits.now = clock.monotonic
    return clock


@pytest.fixture
async def clients(slack: PretendSlack) -> AsyncIterator[FewClients]:
    slack.join(ANNA, "Anna Smith", email=EMAIL, tz="Pacific/Guam")
    async with posting(slack) as stage:
        yield stage.clients


@pytest.fixture
def profiles(clients: FewClients, clock: StillClock) -> SlackProfiles:
    return SlackProfiles(clients, clock)  # type: ignore[arg-type]


async def test_a_person_is_found_with_their_zone(
    slack: PretendSlack, profiles: SlackProfiles, contract: Contract
) -> None:
    found = Profile(PersonId(ANNA), ZoneInfo("Pacific/Guam"))
    assert await profiles.by_email(HERE, EMAIL.upper()) == found
    assert await profiles.by_id(HERE, PersonId(ANNA)) == found
    assert await profiles.zone_of(person(ANNA)) == ZoneInfo("Pacific/Guam")
    assert await profiles.exists(HERE, PersonId(ANNA)) is True
    assert await profiles.may_post(HERE, "C0GENERAL") is None
    assert [fault for call in slack.calls for fault in contract.call_faults(call)] == []


async def test_nobody_is_found(slack: PretendSlack, profiles: SlackProfiles) -> None:
    assert await profiles.by_email(HERE, "nobody@firm.example") == NotFound()
    assert await profiles.by_email(HERE, "no address") == NotFound()
    assert await profiles.exists(HERE, PersonId("U0NOBODY")) is False
    assert await profiles.zone_of(person("U0NOBODY")) is None
    slack.leave(ANNA)
    assert await profiles.by_email(HERE, EMAIL) == NotFound()
    assert await profiles.exists(HERE, PersonId(ANNA)) is False


async def test_a_bot_is_no_person(slack: PretendSlack, profiles: SlackProfiles) -> None:
    slack.api.people.known[ANNA].is_bot = True
    assert await profiles.by_email(HERE, EMAIL) == NotFound()
    assert await profiles.exists(HERE, PersonId(ANNA)) is False


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "America"])
async def test_a_zone_that_is_none_is_left_out(slack: PretendSlack, profiles: SlackProfiles, zone: str) -> None:
    slack.api.people.known[ANNA].tz = zone
    assert await profiles.by_id(HERE, PersonId(ANNA)) == Profile(PersonId(ANNA))


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (Fault("missing_scope"), CannotTell("users:read.email")),
        (Fault("ratelimited", status=429, retry_after=9), Limited(9.0)),
        (Fault("internal_error"), CannotTell()),
        (Fault("enterprise_is_restricted"), CannotTell()),
        (Fault(status=500), CannotTell()),
        (Fault(garbled="text/plain"), CannotTell()),
        (Fault(lost=True, times=2), CannotTell()),
    ],
)
async def test_what_slack_does_not_say(
    slack: PretendSlack, profiles: SlackProfiles, fault: Fault, found: Looked
) -> None:
    slack.fault("users.lookupByEmail", fault)
    assert await profiles.by_email(HERE, EMAIL) == found


async def test_who_cannot_be_asked_about_is_neither_there_nor_gone(
    slack: PretendSlack, profiles: SlackProfiles
) -> None:
    slack.api.scopes.remove("users:read")
    assert await profiles.by_id(HERE, PersonId(ANNA)) == CannotTell("users:read")
    assert await profiles.exists(HERE, PersonId(ANNA)) is None
    assert await profiles.zone_of(person(ANNA)) is None


async def test_a_workspace_without_the_bot_says_nothing(clients: FewClients, profiles: SlackProfiles) -> None:
    clients.tokens = []
    assert await profiles.by_email(HERE, EMAIL) == CannotTell()
    assert await profiles.may_post(HERE, "C0GENERAL") is Why.NOT_INSTALLED


async def test_whether_a_channel_can_be_written_to(slack: PretendSlack, profiles: SlackProfiles) -> None:
    slack.channel("C0OTHER", joined=False)
    slack.channel("C0OLD").archived = True
    secret = slack.channel("C0SECRET", joined=False)
    secret.private = True
    assert await profiles.may_post(HERE, "C0OTHER") is Why.NOT_IN_CHANNEL
    assert await profiles.may_post(HERE, "C0OLD") is Why.NO_CHANNEL
    assert await profiles.may_post(HERE, "C0SECRET") is Why.NO_CHANNEL
    assert await profiles.may_post(HERE, "C0NONE") is Why.NO_CHANNEL
    slack.api.scopes.remove("channels:read")
    assert await profiles.may_post(HERE, "C0GENERAL") is Why.UNKNOWN_OUTCOME


async def test_a_long_roster_is_looked_up_no_faster_than_slack_allows(
    slack: PretendSlack, profiles: SlackProfiles, clock: StillClock
) -> None:
    slack.api.limits.methods["users.lookupByEmail"] = Rate(1.0, burst=50)
    found = [await profiles.by_email(HERE, EMAIL) for _ in range(120)]
    assert slack.api.limits.refused == 0
    assert all(isinstance(one, Profile) for one in found)
    assert 80 < sum(clock.waited) < 120


async def test_one_who_would_wait_long_is_told_to_come_again(clients: FewClients, clock: StillClock) -> None:
    profiles = SlackProfiles(clients, clock, lookups=1.0)  # type: ignore[arg-type]
    assert isinstance(await profiles.by_email(HERE, EMAIL), Profile)
    late = await profiles.by_email(HERE, EMAIL)
    assert isinstance(late, Limited)
    assert 3 < late.seconds <= 60


async def test_no_name_and_no_address_is_logged(slack: PretendSlack, profiles: SlackProfiles, log: Everything) -> None:
    for fault in (Fault(), Fault("missing_scope"), Fault(garbled="text/plain"), Fault(lost=True, times=2)):
        slack.fault("users.lookupByEmail", fault)
        await profiles.by_email(HERE, EMAIL)
    await profiles.by_id(HERE, PersonId(ANNA))
    assert log.said("users.lookupByEmail: ")
    assert log.said("anna.smith", "Anna", *TOKENS) == []


async def test_the_bots_one_workspace_is_the_tokens_and_slack_is_asked_until_it_said_so(
    slack: PretendSlack, clock: StillClock
) -> None:
    async with slack_session() as session:
        one = SlackProfiles(OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False)), clock)
        slack.fault("auth.test", Fault(error="internal_error"))
        assert not await one.is_home(HERE), "nobody says so yet"
        assert await one.is_home(HERE)
        assert not await one.is_home(WorkspaceId("T0OTHER"))
        assert [call.method for call in slack.calls] == ["auth.test"] * 2
