"""Keeping a connection to the seat: connect, listen, and again when the seat is gone."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent_client.terminal.seat import Connect, Seat
from protocol.wire.desk import Pushed, Watch
from protocol.wire.errors import Code, Refused

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts; the last one repeats."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Connected:
    """The seat answers; its status follows."""

    seat: Seat


@dataclass(frozen=True)
class Failed:
    """No seat could be reached or started; the next attempt follows."""

    refusal: Refused


@dataclass(frozen=True)
class Lost:
    """The seat is gone; the next attempt follows."""


News = Connected | Failed | Lost | Pushed


async def keep_connected(
    connect: Connect, tell: Callable[[News], None], back_off_s: Sequence[float] = BACK_OFF_S
) -> None:
    """Stay connected until cancelled, telling everything that happens."""
    failures = 0
    while True:
        try:
            seat = await connect()
        except Refused as refusal:
            tell(Failed(refusal))
        except OSError as error:
            tell(Failed(Refused(Code.NO_SEAT)))
            _log.warning("no seat: %s", error)
        else:
            if await _stay(seat, tell):
                failures = 0
            tell(Lost())
        await asyncio.sleep(back_off_s[min(failures, len(back_off_s) - 1)])
        failures += 1


async def _stay(seat: Seat, tell: Callable[[News], None]) -> bool:
    """Listen until the seat is gone. Whether it ever told its status."""
    heard = False

    def hear(told: Pushed) -> None:
        nonlocal heard
        heard = True
        tell(told)

    seat.listen(hear)
    try:
        tell(Connected(seat))
        await seat.ask(Watch)
        await seat.closed()
    except Refused as refusal:
        tell(Failed(refusal))
    except ConnectionError:
        _log.info("the seat went away")
    finally:
        with contextlib.suppress(ConnectionError):
            await seat.close()
    return heard
