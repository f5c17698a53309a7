"""The readers of what strangers write - courts' pages and Slack's payloads - against what nobody would write."""
