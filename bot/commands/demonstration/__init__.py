"""`link-ecf demo`: the pretend world with the real bot in it, played by itself or kept up to click in."""

from bot.commands.demonstration.demo import play
from bot.commands.demonstration.serve import serve

__all__ = ["play", "serve"]
