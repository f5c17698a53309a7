"""Every sentence said to a person about an attempt: what happened, what was not changed, who can help, what is next.

The chats, the private page and the terminal use these and write none of their own; `bot/words/form.py` has those of the
form. Plain text, no formatting: each chat puts it into its own shapes.
"""

from __future__ import annotations

from bot.words.before import by_hand, hindrance_words, odd_login_words
from bot.words.endings import result_words
from bot.words.progress import answered_words, cancelled_words, progress_words, question_words, step_words
from bot.words.said import Words

__all__ = [
    "Words",
    "answered_words",
    "by_hand",
    "cancelled_words",
    "hindrance_words",
    "odd_login_words",
    "progress_words",
    "question_words",
    "result_words",
    "step_words",
]
