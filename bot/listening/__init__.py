"""Where the bot listens: its limits, so that nobody who sends slowly, much or for ever keeps others from an answer."""

from bot.listening.descriptors import raise_limit
from bot.listening.limits import DEFAULT, Limits
from bot.listening.site import listening

__all__ = ["DEFAULT", "Limits", "listening", "raise_limit"]
