"""Court events, the ladder of reminders before them, and their delivery: never lost, never doubled (design 7)."""
