"""The firm's calendar of court dates: forms and files read, every change with its history, what a move corrects."""
