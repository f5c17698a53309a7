"""What each command of `link-ecf` does; `bot/__main__.py` parses the line and imports one of these after."""
