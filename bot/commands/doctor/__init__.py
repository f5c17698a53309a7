"""`link-ecf doctor`: what could be wrong with how the bot is set up, each with its fix."""

from bot.commands.doctor.checks import examine

__all__ = ["examine"]
