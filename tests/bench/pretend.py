"""The pretend courts in a process of their own: `python -m tests.bench.pretend LATENCY BALLAST PEOPLE COURTS`.

The pages of the sandbox are 1-3 KB. Captured pages of signed-in filers are up to 28 KB: three quarters of it scripts
and table rows inside the page's one form, with some twenty hidden fields. So each page with a menu gets such ballast
here, of words that mean nothing; its fields have no name, so that the court neither misses nor finds them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace

from bot.courts.court import Court
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from bot.sandbox.wire import Reply, Visit
from tests.bench.apart import answer
from tests.bench.firm import ECF_PASSWORD, PACER_PASSWORD, account_name, courts, login_name

_SCRIPT = """<script>
function checkField%d(name, form) {
  var i, node, found = [];
  for (i = 0; i < document.forms[form].elements.length; i++) {
    node = document.forms[form].elements[i];
    if (node.name == name && node.value.replace(/\\s+/g, "") == "") { found.push("Field " + name + " is empty"); }
  }
  return found.length == 0 ? true : report(found.join("\\n"), form);
}
</script>
"""
_ROW = """<tr><td nowrap="nowrap" class="part" onmouseover="showHint(this, 'part')" onmouseout="hideHint(this)">
Part %d</td><td align="left" valign="top"><input type="hidden" value="0"> of a page that weighs what those do</td></tr>
"""


def ballast(size: int) -> bytes:
    """Return about `size` bytes of scripts and table rows, three to one, as the captured pages have them."""
    scripts = "".join(_SCRIPT % number for number in range(max(1, size * 3 // 4 // len(_SCRIPT))))
    rows = "".join(_ROW % number for number in range(max(1, size // 4 // len(_ROW))))
    return f"{scripts}<table>\n{rows}</table>\n".encode()


class HeavySandbox(Sandbox):
    """A sandbox whose signed-in pages weigh what captured ones do; `ballast` in bytes, 0 for pages as they are."""

    def __init__(self, served: Sequence[Court], *, latency: float, ballast_bytes: int) -> None:
        super().__init__(served, latency=latency)
        self._ballast = ballast(ballast_bytes) if ballast_bytes else b""

    def _reply(self, visit: Visit) -> Reply:
        reply = super()._reply(visit)
        if not self._ballast or b'id="topmenu"' not in reply.body:
            return reply
        place = reply.body.find(b"</form>")
        place = place if place >= 0 else reply.body.rfind(b"</body>")
        return replace(reply, body=reply.body[:place] + self._ballast + reply.body[place:])


def fill(sandbox: Sandbox, people: int, served: Sequence[Court]) -> None:
    """Give the sandbox `people` accounts and filers, in turn at each court: a filer can be linked once."""
    for number in range(people):
        sandbox.add_account(PretendAccount(account_name(number), PACER_PASSWORD))
        sandbox.add_filer(served[number % len(served)].id, PretendFiler(login_name(number), ECF_PASSWORD))


async def _serve(latency: float, ballast_bytes: int, people: int, count: int) -> None:
    served = courts(count)
    async with HeavySandbox(served, latency=latency, ballast_bytes=ballast_bytes) as sandbox:
        fill(sandbox, people, served)
        host, port = sandbox.connect_to.split(":")
        answer(host=host, port=int(port), ca_file=str(sandbox.ca_file))
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]), *map(int, sys.argv[2:5])))
