"""What is said where a request was taken no further than the edge."""

from __future__ import annotations

NOT_TAKEN = (
    "Nothing was sent to PACER or to the court: the bot's database does not answer at the moment, and without it the "
    "bot cannot tell whether this form came twice. What you typed is still here. Press the button again in a minute. "
    "If it still does not work, tell your administrator."
)
"""Beside the first field of a form that was not taken."""

UNREADABLE = "This is no request that the bot can read. Nothing was done."
"""To whoever sends what is no HTTP; no browser does."""

TROUBLE = "Something went wrong in the bot. Look at the chat with it before you try again, or tell your administrator."
"""Where even the page that says so could not be made."""

TOO_LATE = (
    "This took longer than the bot waits, and was ended. It may still have been taken: look at the chat with the bot "
    "before you try again. If nothing moves there, start again with /link-ecf, or tell your administrator."
)
"""On a page whose request was ended by its limit in time."""
