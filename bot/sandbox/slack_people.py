"""The people of the pretend Slack: e-mail address, zone, whether they left; and what the bot may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack_calls import SlackError, needed
from bot.sandbox.slack_state import Json
from bot.sandbox.slack_teams import PretendTeams

BOT = "U0BOT"


@dataclass(slots=True)
class PretendPerson:
    """One person of a workspace as their profile shows them; `deleted` is Slack's word for one who left."""

    id: str
    name: str
    email: str = ""
    tz: str = "America/New_York"
    deleted: bool = False
    is_bot: bool = False


class PretendPeople:
    """Everybody, in all workspaces, and the methods of users.*; `now` returns Unix seconds."""

    def __init__(self, teams: PretendTeams, now: Callable[[], float]) -> None:
        self.known: dict[str, PretendPerson] = {}
        self._teams = teams
        self._now = now

    def methods(self) -> Mapping[str, Callable[[Json], Json]]:
        """Return the methods of the Web API that ask for people."""
        return {"users.info": self._info, "users.lookupByEmail": self._by_email}

    def here(self, token: str, user: str) -> PretendPerson | None:
        """Return a person whom this token reaches, also one who left."""
        return self.known.get(user) if self._teams.sees(token, user) else None

    def _info(self, args: Json) -> Json:
        found = self.here(args["token"], needed(args, "user"))
        if found is None:
            raise SlackError("user_not_found")
        return {"user": self._shown(found)}

    def _by_email(self, args: Json) -> Json:
        email = needed(args, "email").lower()
        for person in self.known.values():
            if person.email.lower() == email and not person.deleted and self.here(args["token"], person.id):
                return {"user": self._shown(person)}
        raise SlackError("users_not_found")

    def _shown(self, person: PretendPerson) -> Json:
        shown = {
            "id": person.id,
            "team_id": self._teams.home(person.id).id,
            "name": person.name,
            "deleted": person.deleted,
            "real_name": person.name,
            "profile": {"real_name": person.name, "display_name": person.name, "email": person.email},
            "is_bot": person.is_bot,
            "is_app_user": False,
        }
        if person.deleted or not person.tz:
            return shown  # Slack says nothing of the zone of those who left
        try:
            offset = datetime.fromtimestamp(self._now(), ZoneInfo(person.tz)).utcoffset()
        except (KeyError, ValueError, OSError):
            offset = None  # a zone of Slack's that this machine does not know
        return {**shown, "tz": person.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}
