"""One attempt at one court: the guides' road as a state machine told by the content of the pages."""
