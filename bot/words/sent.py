"""What stands around a broadcast for those who get it: whose words these are, and why they have come to you."""

from __future__ import annotations

from bot.courts.court import Court
from bot.reminders.broadcasts.broadcast import Audience
from bot.words.said import named

BY = "Sent by {}, as an administrator of this bot."
TERMINAL = "your administrators, from the command line of the bot's server"


def title_words(court: Court | None) -> str:
    """Return the heading of a broadcast: the court that it is about, where it is for the people of one."""
    return f"{court.short_name}: a message from your firm" if court is not None else "A message from your firm"


def why_words(audience: Audience, court: Court | None) -> str:
    """Return why one gets it."""
    if audience.channel:
        return "It is for everybody in this channel."
    place = (named(court) if court is not None else f"the court {audience.court}") if audience.court else ""
    whom = f"file at {place}" if place else ""
    if audience.unlinked_only and place:
        whom += " and are not linked there, as far as the bot knows"
    if audience.office:
        whom = (
            f"{whom}, and belong to the office {audience.office}" if whom else f"belong to the office {audience.office}"
        )
    return f"You get it because you {whom}." if whom else "It goes to everybody whom the bot knows here."
