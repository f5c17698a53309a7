"""The buttons of a notice, by action id: notices.py shows them, notice_buttons.py takes the presses.

"Link now" is `OPEN_FORM` (progress.py) with the court's id. A value names a thing and grants nothing: whose wish it is
says the signed payload alone.
"""

from __future__ import annotations

SNOOZE = "notice_snooze"
"""Asks when to be told again; the value is the event's id."""

MUTE = "notice_mute"
"""Hear nothing more of a court; the value is the court's id."""

LINKED_ALREADY = "notice_linked_already"
"""The person has linked by hand; the value is the court's id."""

WATCH_COURT = "watch_court"
"""Be reminded of a court from now on; the value is the court's id. For results and lists."""

OPEN_WATCHED = "open_watched"
"""Open the form "Your courts"; the value is not read."""
