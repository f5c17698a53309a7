"""Two ways through PACER's sign-on: the JSON API, and the page itself where the API could not be reached.

One sign-on per attempt. A refused password or passcode is spent on the spot; nothing is sent again, but for the one
case of PACER's "13" to a request without a passcode (design, promise 2). One of the two places that reveal secrets.
"""

from yarl import URL

from bot.linker.signon.api import ByApi
from bot.linker.signon.page import ByPage
from bot.linker.signon.sign_on import ApiUnreachable, SignedOn, SignOn
from bot.linker.values import Step, Told

__all__ = ["SignOn", "SignedOn", "sign_on"]


async def sign_on(one: SignOn, door: URL) -> SignedOn:
    """Sign on by the API, by the page at `door` only where the API could not be reached.

    Raises LinkEnded for every refusal.
    """
    await one.tell(Told(Step.SIGN_ON))
    try:
        return await ByApi(one).through()
    except ApiUnreachable:
        return await ByPage(one).through(door)
