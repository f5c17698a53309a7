"""Tests of dates, their reminders and delivery."""
