"""The chats: they translate what a person said into a service call and the answer into words, and decide nothing."""
