"""The phone of whoever is signed in: opened with their account, put away with them."""

from agent_client.phone import engine
from agent_client.seat.exchange import Exchange
from agent_client.seat.phone import SeatPhone
from agent_client.seat.phone_events import PhoneEvents
from agent_client.settings import PhoneSettings
from protocol.wire.session import SignedIn, SipAccount


class Handset:
    """Gives a phone to people who have an account."""

    def __init__(
        self,
        settings: PhoneSettings,
        phone: SeatPhone,
        events: PhoneEvents,
        exchange: Exchange,
    ) -> None:
        self._settings = settings
        self._phone = phone
        self._events = events
        self._exchange = exchange
        self._account: SipAccount | None = None

    def take(self, signed_in: SignedIn) -> None:
        """Have the person's phone from now on."""
        self._account = signed_in.sip
        self._exchange.speak(True)
        if signed_in.sip is not None:
            self._phone.start(self._open(signed_in.sip, signed_in.person.name))

    async def change(self, signed_in: SignedIn) -> None:
        """The service confirms the account, or gives another one."""
        if signed_in.sip != self._account:
            await self.put_away()
            self.take(signed_in)

    def displaced(self) -> None:
        """The person has a phone at another desk, which speaks to the exchange from here on."""
        self._exchange.speak(False)

    async def put_away(self) -> None:
        """Tell the exchange, end the calls, unregister, and have no phone any more."""
        self._account = None
        await self._exchange.farewell()
        await self._phone.stop()
        self._events.closed()

    def _open(self, sip: SipAccount, name: str) -> engine.Open:
        phone = self._settings
        return engine.Open(
            user=sip.user,
            registrar=sip.registrar,
            password=sip.password,
            transport=engine.Transport(sip.transport),
            listen_host=phone.listen_host,
            listen_port=phone.listen_port,
            sound=phone.sound,
            display_name=name,
            rtp_loss_s=phone.rtp_loss_s,
            ca=phone.ca,
            call_device=phone.call_device,
            ring_device=phone.ring_device,
        )
