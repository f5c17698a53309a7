"""What the bot answers over HTTP to browsers and load balancers: the private page, and whether it is well."""

from bot.web.headers import Proxies, guard
from bot.web.health import WhyNot, health_routes

__all__ = ["Proxies", "WhyNot", "guard", "health_routes"]
