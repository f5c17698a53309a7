"""Broadcasts: what an admin wrote, to whom, sent once, stopped, repeated to those it did not reach, and reported."""
