"""What an admin reads of the switch for the last day: may its reminders come out of people's working hours?"""

from __future__ import annotations

TITLE = "Reminders of the last day"
BUTTON_ON = "Let them come at any hour"
BUTTON_OFF = "Keep them within hours"


def final_day_words(any_hour: bool) -> tuple[str, ...]:
    """Return how the switch stands, and what that means."""
    if any_hour:
        stands = (
            "On: a court's opening is told the moment it opens, also out of a person's working hours. The last "
            "reminder before it leaves them only for those who have no working hour left before the black-out."
        )
    else:
        stands = "Off: every reminder waits for the person's own working hours, those of the last day too."
    return (
        stands,
        "It holds for everybody whom this bot reminds. A change is followed within a minute or two; what was sent "
        "already stays sent. A correction of a date that is at hand never waits.",
    )
