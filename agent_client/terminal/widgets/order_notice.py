"""What a lead asked or wrote: shown at once, quietly, until it is read."""

from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.keys import Mode, behind, key_name
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, between
from agent_client.terminal.wording import Wording
from protocol.wire.orders import Order

READ = "r"
"""The key that says that it is read."""
MARK = "»"


class OrderNotice(Line):
    """The oldest one that is not read. A locked screen shows none."""

    def show(self, view: View) -> None:
        """Take room only with something to read."""
        orders = view.status.orders if view.status is not None else ()
        self.display = bool(orders) and view.mode is not Mode.LOCKED
        super().show(view)

    def paint(self, view: View) -> Content:
        """When, who, what, as far as one line holds; how many more wait; the key."""
        if view.status is None or not view.status.orders:
            return Content("")
        orders = view.status.orders
        more = f"  +{len(orders) - 1}" if len(orders) > 1 else ""
        text = Content.assemble(MARK, " ", told(view.words, orders[0], view.status.zone))
        return between(text, Content.assemble(more, _key(view)), self.size.width)


def _key(view: View) -> Content:
    action = behind(READ, view.offered)
    if action is None or view.typing:
        return Content("")
    label = view.words.text(f"action.{action.name}")
    return Content.assemble("  ", (key_name(READ), "bold $key"), f" {label}")


def told(words: Wording, order: Order, zone: str) -> Content:
    """`14:02 Chen Jing took you out of the line: “…”`."""
    who = shown(order.actor_name or order.actor)
    time = f"{at_site(order.placed_ms, zone):%H:%M}"
    what = words.text(f"order.{order.what}", who=who)
    text = f" {shown(order.text)}" if order.text else ""
    return Content.assemble(f"{time} ", (what, "bold"), text)
