"""Who takes part in the benchmark, and where; light, so that a process measured with it weighs no more."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.courts.policy import unlinkable_login
from bot.secret import Login

COURT = "gasb"
PACER_PASSWORD, ECF_PASSWORD = "Pacer-Bench-1!", "Ecf-Bench-2!"


def account_name(number: int) -> str:
    """Return the user name of one of the PACER accounts; the filer of the same number has `login_name`."""
    return f"bench{number:05d}"


def login_name(number: int) -> str:
    """Return the CM/ECF login of one of the filers."""
    return f"filer{number:05d}"


def courts(count: int = 1) -> tuple[Court, ...]:
    """Return so many courts, the first of them COURT, that such logins can link at; filer n is of court n."""
    now = SystemClock().now()
    fit = [one for one in Directory.shipped().all if one.unlinkable is None and one.live(now) is not False]
    open_to_all = [one for one in fit if not unlinkable_login(one, Login(login_name(0)))]
    return tuple(sorted(open_to_all, key=lambda one: one.id != COURT)[:count])


def member(number: int) -> str:
    """Return the id of this person in the pretend Slack."""
    return f"U{number:06d}BENCH"
