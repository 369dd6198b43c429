"""One fact through every process: a real call, safe at the service and seen by a lead."""

from agent_client.phone import engine
from protocol.facts import call, session
from protocol.facts.agent import StateEntered
from protocol.wire import desk, desk_call
from tests.integration.rig import Rig, as_json, eventually


async def test_a_call_from_ring_to_ready_is_on_both_disks_and_on_the_floor(floor: Rig) -> None:
    await floor.sign_in("2001")
    lead = await floor.lead("2001")
    agent = await floor.agent_at_work()

    call_id = await floor.talking(agent)
    await eventually(lambda: lead.rows["1001"].state == "TALK")
    shown = lead.rows["1001"].call
    await agent.ask(desk_call.Hold)
    await agent.ask(desk_call.Resume)
    await agent.ask(lambda id_: desk_call.Mute(id_, True))
    await agent.ask(lambda id_: desk_call.Mute(id_, False))
    floor.customer.hang_up(call_id)
    await agent.until(lambda status: status.state == "ACW")
    await agent.ask(desk.AcwDone)
    await agent.until(lambda status: status.state == "READY")
    await agent.ask(desk.SignOut)
    await floor.all_sent(agent)
    await eventually(lambda: lead.rows["1001"].state == "LOGGED_OFF")

    seat_session = floor.outbox("1001")[0][0]
    at_service = [(seq, fact) for which, seq, fact in floor.ledger() if which == seat_session]
    assert at_service == [(seq, fact) for _, seq, fact in floor.outbox("1001")]
    facts = [fact for _, fact in at_service]
    states = [fact.state for fact in facts if isinstance(fact, StateEntered)]
    assert states == [
        *("NOT_READY", "READY", "RINGING", "TALK", "HOLD", "TALK", "ACW", "READY", "LOGGED_OFF")
    ]
    assert [type(fact) for fact in facts if not isinstance(fact, StateEntered)] == [
        session.SessionAnchored,
        session.PhoneUp,
        call.CallOffered,
        call.CallAnswered,
        call.CallHeld,
        call.CallResumed,
        call.CallMuted,
        call.CallMuted,
        call.CallEnded,
    ]
    assert shown is not None
    assert "13800138000" not in shown.peer
    assert lead.rows["1001"].calls_answered == 1
    await floor.command("verify", "--data", str(floor.data))


async def test_an_agent_who_is_not_ready_is_busy_and_has_missed_nothing(floor: Rig) -> None:
    agent = await floor.sign_in("1001")
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    assert agent.status is not None
    assert agent.status.phone_address is not None

    call_id = floor.customer.dial(agent.status.phone_address)
    ended = await floor.customer.sees(engine.CallEnded, call_id)

    assert isinstance(ended, engine.CallEnded)
    assert ended.sip_status == 486
    assert not [fact for _, _, fact in floor.outbox("1001") if isinstance(fact, call.CallOffered)]


async def test_an_agent_calls_out_and_the_customer_answers(floor: Rig) -> None:
    agent = await floor.sign_in("1001")
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    address = next(
        each.address for each in floor.customer.events if isinstance(each, engine.PhoneUp)
    )

    await agent.ask(lambda id_: desk_call.Dial(id_, address))
    await eventually(
        lambda: any(isinstance(each, engine.CallIncoming) for each in floor.customer.events)
    )
    incoming = next(each for each in floor.customer.events if isinstance(each, engine.CallIncoming))
    floor.customer.answer(incoming.call_id)
    await agent.until(lambda status: status.state == "TALK")
    await agent.ask(desk_call.Hangup)
    await agent.until(lambda status: status.state == "ACW")
    await agent.ask(desk.AcwDone)
    await agent.until(lambda status: status.state == "NOT_READY")

    ends = [fact for _, _, fact in floor.outbox("1001") if isinstance(fact, call.CallEnded)]
    assert [(end.cause, end.released_by) for end in ends] == [
        (call.EndCause.BYE, call.ReleasedBy.AGENT)
    ]


async def test_every_command_of_the_command_line_does_what_it_says(floor: Rig) -> None:
    agent = await floor.sign_in("1001")
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    assert agent.status is not None
    address = agent.status.phone_address
    assert address is not None

    async def client(*arguments: str) -> tuple[int, str, str]:
        return await floor.run("agent_client.cli", *arguments)

    assert (await client("ready"))[0] == 0
    call_id = floor.customer.dial(address)
    await agent.until(lambda status: status.state == "RINGING")
    for command in ("answer", "hold", "resume", "mute", "unmute"):
        assert await client(command) == (0, "", "")
    assert (await client("next", "MEAL"))[0] == 0
    code, out, _ = await client("status", "--json")
    status = as_json(out)
    shown = status["call"]
    assert isinstance(shown, dict)
    assert (code, status["state"], status["next_state"]) == (0, "TALK", "NOT_READY:MEAL")
    assert (shown["peer"], shown["direction"], shown["state"]) == (
        *("13800138000", "inbound", "talk"),
    )
    assert (await client("next", "CLEAR"))[0] == 0
    assert (await client("hangup"))[0] == 0
    await floor.customer.sees(engine.CallEnded, call_id)
    assert (await client("acw-done"))[0] == 0
    assert (await client("break", "REST"))[0] == 0
    code, out, errors = await client("answer")
    assert (code, out, errors.rpartition(" ")[2]) == (1, "", "[no_call]")
    assert (await client("sign-out"))[0] == 0
    assert as_json((await client("status", "--json"))[1])["state"] == "LOGGED_OFF"
