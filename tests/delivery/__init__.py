"""Delivery of letters: every answer of a chat, every crash, several replicas, on both databases."""
