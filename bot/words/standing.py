"""What is said of a person's standing at a court: for admins, so in the third person, and never more than was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import Code
from bot.register.entry import State


@dataclass(frozen=True, slots=True)
class Standing:
    """A label for a column, and the sentence that explains it."""

    label: str
    meaning: str


_STANDINGS: Mapping[State, Standing] = {
    State.NOT_NEEDED: Standing("not needed", "Does not file at this court, by their own or an admin's word."),
    State.NOT_LIVE: Standing("court not live", "The court is not on NextGen CM/ECF yet; nobody can link there."),
    State.INVITED: Standing("invited", "Was told that the court can be linked now; no attempt was made yet."),
    State.IN_PROGRESS: Standing("in progress", "An attempt runs now, or waits for its person."),
    State.LINKED: Standing("linked", "The court's own menu has shown it: the evidence is in --json and --csv."),
    State.FAILED: Standing("not linked", "The newest attempt ended without a link; the code says how."),
    State.GUIDED: Standing("linked by hand, as they say", "The person says that they have linked by hand. Not proved."),
    State.UNKNOWN: Standing("not known", "Nothing is known yet."),
}

_OUTCOME_UNKNOWN = Standing(
    "perhaps linked",
    "The final Submit was sent and its outcome is not known: the person has to look at the court's own menu.",
)


def standing_words(state: State, code: Code | None = None) -> Standing:
    """Return the words for a state; `code` tells an outcome that is not known from a person of whom nothing is."""
    if state is State.UNKNOWN and code is Code.OUTCOME_UNKNOWN:
        return _OUTCOME_UNKNOWN
    return _STANDINGS[state]
