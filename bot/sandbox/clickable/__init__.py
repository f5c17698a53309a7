"""The pretend Slack as a page in a browser: for `link-ecf demo --serve`, and for the tests that click."""

from bot.sandbox.clickable.page import ClickPage, Tip

__all__ = ["ClickPage", "Tip"]
