"""Letters on their way: gathered, claimed, looked up before they are sent again, sent, and what came of each."""
