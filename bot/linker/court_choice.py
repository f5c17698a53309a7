"""Which entry of "Where would you like to go?" is the court (guide GASB step 4; protocol sections 1.3 and 2.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.courts.court import Court, CourtKind

_SIGN_ON_ID = re.compile(r"^\s*[A-Z]_[0-9A-Z]{3,10}\s*$", re.IGNORECASE)
_DIRECTIONS = frozenset({"northern", "southern", "eastern", "western", "middle", "central"})


def option_for(court: Court, options: Iterable[tuple[str, str]]) -> str | None:
    """Return the value of the one option that is `court`, else None.

    Values carry the court's sign-on id behind a prefix (`N_GASBK`, `E_GASBK`: NextGen, CurrentGen; the former is
    taken where both are there). Only where no value is such an id do the words decide: state, direction and kind must
    fit, for one option only. A bankruptcy and a district court may share all their words.
    """
    listed = [(value, text) for value, text in options if value]
    if any(_SIGN_ON_ID.match(value) for value, _ in listed):
        own = [value for value, _ in listed if value.strip().upper().partition("_")[2] == court.pacer_id.upper()]
        return next((value for value in own if value.upper().startswith("N_")), own[0] if own else None)
    fitting = [value for value, text in listed if _fits(court, text)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(court: Court, text: str) -> bool:
    words = set(re.findall(r"[a-z]+", text.lower()))
    name = set(re.findall(r"[a-z]+", court.name.lower()))
    if not set(re.findall(r"[a-z]+", court.state.lower())) <= words or words & _DIRECTIONS != name & _DIRECTIONS:
        return False
    if "bankruptcy" in words or "bankr" in words:
        return court.kind is CourtKind.BANKRUPTCY
    return court.kind is not CourtKind.BANKRUPTCY or "court" not in words
