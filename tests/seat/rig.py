"""A desk on a real disk with a phone in memory, in a time that jumps."""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from agent_client.phone.engine import AnyCommand, CommandRefused, Open, Sound
from agent_client.phone.fake_engine import FakeEngine
from agent_client.seat.call_memory import CallMemory
from agent_client.seat.clock import Anchor, Clock
from agent_client.seat.desk import Desk
from agent_client.seat.exchange import Exchange
from agent_client.seat.outbox import Outbox
from agent_client.seat.phone_events import PhoneEvents
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Limits
from protocol.rules.lines import Line
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role, SignedIn, SipAccount
from tests.phone.clock import in_no_time
from tests.seat.folding import fold, read_disk

NUMBER = "1001"
SERVER_MS = 1_800_000_000_000
WALL_MS = 1_234_567_890_000
TURNS = 12
DIRECT = SipAccount(NUMBER)
"""A phone without an exchange."""

Result = TypeVar("Result")


def signed_in(
    limits: Limits | None = None,
    sip: SipAccount | None = DIRECT,
    lines: tuple[Line, ...] = (),
) -> SignedIn:
    """The service's answer to a sign-in."""
    return SignedIn(
        re=1,
        token="token",
        person=Person(NUMBER, "王丽", (Role.AGENT,), "A"),
        sip=sip,
        limits=limits or Limits(),
        zone="Asia/Shanghai",
        lines=lines,
    )


class Rig:
    """Everything of a seat but its process, its link and its socket."""

    def __init__(self, folder: Path) -> None:
        self.disk = folder / "outbox.db"
        self.outbox = Outbox(self.disk)
        self.clock = Clock(self._mono_ms, lambda: WALL_MS, boot_id="boot")
        self.screens: list[State] = []
        self.sign_offs = 0
        self.given_up = 0
        self.engine: FakeEngine | None = None
        self.standing = Standing(
            self.outbox,
            self.clock,
            self._published,
            self._signed_off,
            lambda call_id: self.desk.ring_expired(call_id),
        )
        orders = PhoneOrders(self._do, self._hangs)
        self.events = PhoneEvents(self.standing, orders)
        self.desk = Desk(self.standing, orders)
        self.exchange = Exchange(self.standing, orders.side_calls)
        self.overheard: Callable[[AnyCommand], None] = lambda _: None
        """Told of every order to the phone."""
        self.account: SipAccount | None = DIRECT
        self.lines: tuple[Line, ...] = ()
        self._read = 0

    # The person and the desk

    async def sign_in(self, limits: Limits | None = None, session: str = "s1") -> None:
        """Somebody signs in, and the phone comes up."""
        self.clock.fix(Anchor(SERVER_MS, self._mono_ms(), 4, "boot"))
        answer = signed_in(limits, self.account, self.lines)
        self.standing.begin(session, answer, "test", resumed=False)
        await self.phone_starts()

    async def work(self, limits: Limits | None = None, terminals: int = 1) -> None:
        """Sign in and be READY; what was recorded of that is not asked about."""
        await self.sign_in(limits)
        self.standing.terminals(terminals)
        self.desk.ready()
        self.new_facts()

    async def rung(self, number: str = "13800138000", line: str = "") -> str:
        """A call rings."""
        call_id = self.phone.far.peer_calls(number, "Li", line)
        await turns()
        return call_id

    async def talking(self, line: str = "") -> str:
        """A call is answered; what was recorded of that is not asked about."""
        call_id = await self.rung(line=line)
        await self.done(self.desk.answer())
        self.new_facts()
        return call_id

    async def dialling(self, target: str = "sip:4711@customer.invalid") -> str:
        """An outgoing call is on its way."""
        self.desk.dial(target)
        await turns()
        assert self.standing.call is not None
        return self.standing.call.id

    async def done(self, order: Awaitable[None] | None) -> None:
        """Wait for an order's outcome, and for what follows from it."""
        assert order is not None
        await order
        await turns()

    # The phone

    @property
    def phone(self) -> FakeEngine:
        """The phone that runs."""
        assert self.engine is not None
        return self.engine

    async def phone_starts(self) -> None:
        """A phone comes up."""
        engine = FakeEngine(lambda event: self._from(engine, event))
        self.engine = engine
        registrar = self.account.registrar if self.account is not None else ""
        engine.do(Open(user=NUMBER, registrar=registrar, sound=Sound.NONE))
        await turns()

    def phone_dies(self) -> None:
        """The phone's process is gone; nothing it might still say is heard."""
        self.engine = None
        self.events.died()

    def _from(self, engine: FakeEngine, event: object) -> None:
        if engine is self.engine:
            self.events.take(event)  # type: ignore[arg-type]  # an engine emits events alone

    def _do(self, command: AnyCommand) -> None:
        if self.engine is not None:
            self.engine.do(command)
            self.overheard(command)
            return
        tag = str(command.__struct_config__.tag)
        call_id = getattr(command, "call_id", None)
        self.events.take(CommandRefused(code="not_open", command=tag, call_id=call_id))

    def _hangs(self) -> None:
        self.given_up += 1

    # What is seen

    @property
    def state(self) -> State:
        """What the screen shows."""
        return self.standing.agent.state

    @property
    def owed(self) -> tuple[str, ...]:
        """Numbers of customers who are owed a call, as the disk tells."""
        return CallMemory(self.outbox).log.cut_off()

    def facts(self) -> list[AnyFact]:
        """The facts of the present session on the disk."""
        sessions = read_disk(self.disk)
        return sessions[-1] if sessions else []

    def new_facts(self) -> list[AnyFact]:
        """The facts written since this was asked last."""
        facts = self.facts()
        new, self._read = facts[self._read :], len(facts)
        return new

    def agrees(self) -> None:
        """What is shown is what the disk says."""
        now = self.standing.agent
        disk = fold(self.facts())
        following = None if now.next is None else (now.next.state, now.next.reason)
        assert (disk.state, disk.reason, disk.call_id) == (now.state, now.reason, now.call_id)
        assert disk.next == following
        assert disk.locked == now.locked

    def close(self) -> None:
        """Let the timers and the disk go."""
        self.standing.close()
        self.outbox.close()

    def _published(self) -> None:
        """At this moment everybody may see it: it has to be on the disk."""
        self.agrees()
        self.screens.append(self.state)

    def _signed_off(self) -> None:
        self.sign_offs += 1

    def _mono_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)


async def turns() -> None:
    """Let everything that is due in the loop happen, without the time going on."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def play(folder: Path, story: Callable[[Rig], Coroutine[None, None, Result]]) -> Result:
    """Tell a story at a desk; hours of it take no time. In the end screen and disk agree."""

    async def run() -> Result:
        rig = Rig(folder)
        try:
            result = await story(rig)
            rig.agrees()
            return result
        finally:
            rig.close()

    return in_no_time(run())


@contextmanager
def full_disk(database: Path) -> Iterator[None]:
    """No write of this process makes the database's log longer: the system refuses it."""
    length = database.with_name(database.name + "-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refusal(act: Callable[[], object]) -> str:
    """The code with which something is refused; `done` when it is not."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return "done"


async def outcome(order: Awaitable[None] | None) -> str:
    """The code with which an order is refused in the end, or `done`."""
    assert order is not None
    try:
        await order
    except Refused as refused:
        return refused.code
    return "done"
