"""Who is linked at one pretend court, and from when on its menus show it."""

from __future__ import annotations

from bot.sandbox.accounts import PretendFiler
from bot.sandbox.menus import NOT_LINKED
from bot.sandbox.profiles import CourtProfile


class Links:
    """The court's register: `filers` by login in lower case, `linked` from CM/ECF login to PACER user name."""

    def __init__(self) -> None:
        self.filers: dict[str, PretendFiler] = {}
        self.linked: dict[str, str] = {}
        self.wrong: dict[str, int] = {}
        self._fresh: dict[str, tuple[float, int]] = {}

    def apply(self, filer: PretendFiler, user_name: str, profile: CourtProfile, now: float) -> None:
        """Link the two; menus show it after the profile's delay in seconds and in pages."""
        self.linked[filer.login] = user_name
        self._fresh[user_name] = (now + profile.link_delay_seconds, profile.link_delay_requests)

    def user_id(self, user_name: str, now: float) -> int:
        """Return the id that this PACER user's menus carry at `now`: the linked filer's, or NOT_LINKED."""
        due, pages = self._fresh.get(user_name, (now, 0))
        if pages > 0 or now < due:
            return NOT_LINKED
        login = next((login for login, user in self.linked.items() if user == user_name), None)
        if login is None:
            return NOT_LINKED
        filer = self.filers.get(login.lower())
        return filer.user_id if filer else 1

    def page_shown(self, user_name: str) -> None:
        """Count one page that was asked for as proof against the delay in pages."""
        due, pages = self._fresh.get(user_name, (0.0, 0))
        if pages > 0:
            self._fresh[user_name] = (due, pages - 1)
