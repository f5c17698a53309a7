"""The few things a person may ask for: the only door that the chats, the page and the terminal use."""

from bot.attempts.attempt import Answered
from bot.attempts.form import Field, Flaw, LinkForm, Problem
from bot.service.linking import LinkService, Messenger, Messengers, Places, Service, Started

__all__ = [
    "Answered",
    "Field",
    "Flaw",
    "LinkForm",
    "LinkService",
    "Messenger",
    "Messengers",
    "Places",
    "Problem",
    "Service",
    "Started",
]
