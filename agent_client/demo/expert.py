"""Somebody who can be consulted: a phone without a screen that is answered after a moment."""

import asyncio

from agent_client.demo.cast import DemoExpert
from agent_client.phone import engine
from agent_client.phone.child import PhoneChild

ANSWER_S = 1.5


async def live(who: DemoExpert, exchange: str) -> None:
    """Answer every call at this exchange (`host:port`) until cancelled. Whoever called hangs up."""
    async with asyncio.TaskGroup() as works:

        async def answer(call_id: str) -> None:
            phone.do(engine.Ring(call_id=call_id))
            await asyncio.sleep(ANSWER_S)
            phone.do(engine.Answer(call_id=call_id))

        def heard(event: engine.AnyEvent) -> None:
            if isinstance(event, engine.CallIncoming):
                works.create_task(answer(event.call_id))

        phone = PhoneChild(heard, lambda _: None)
        await phone.start()
        try:
            phone.do(
                engine.Open(
                    user=who.number,
                    registrar=exchange,
                    display_name=who.name,
                    sound=engine.Sound.TONE,
                )
            )
            await asyncio.Event().wait()
        finally:
            await phone.stop()
