"""Who speaks: hello and welcome, the desk's proof, signing in and out, and the heartbeat.

The order on a connection: `Hello` → `Welcome`; once in a desk's life `Enrol` → `Enrolled`;
`Present` → `Presented` (the desk proves its key; from here it may deliver facts of its earlier
sessions); `SignIn` or `Resume` → `SignedIn` (a person; from here everything).
"""

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.staff import Role as Role  # noqa: PLC0414 - a name of the wire as well
from protocol.rules.agent_state import Limits
from protocol.rules.lines import Line
from protocol.wire.errors import Params


class FromSeat(msgspec.Struct, frozen=True, tag_field="type", tag=str.lower):
    """A message to the service."""


class FromService(msgspec.Struct, frozen=True, tag_field="type", tag=str.lower):
    """A message of the service."""


class Person(msgspec.Struct, frozen=True):
    """A member of staff, as everybody may know them."""

    number: str
    name: str
    roles: tuple[Role, ...]
    team: str = ""


class SipAccount(msgspec.Struct, frozen=True):
    """How the person's phone registers. Without a registrar the phone is direct."""

    user: str
    registrar: str = ""
    password: str = ""
    transport: str = "udp"
    ready_code: str = ""
    """Dialled to tell the exchange that the agent is ready; empty: it is not told."""
    pause_code: str = ""
    service_codes: tuple[str, ...] = ()
    """Numbers that are no customers: calls to them bypass the state table. One that ends in `*`
    stands for all that begin so."""


class Hello(FromSeat, frozen=True):
    """The first message: which versions the client speaks."""

    version: Int64
    oldest: Int64
    client: str
    """Name and version of the program, for the log."""


class Welcome(FromService, frozen=True):
    """The service speaks `version`. `nonce` (hexadecimal) is what the desk has to sign."""

    version: Int64
    service: str
    nonce: str
    ledger: str
    """Identifies the ledger; another one after a new `init`."""
    oldest: Int64 = 1
    """The oldest version that the service still understands."""


class Enrol(FromSeat, frozen=True):
    """A desk hands in its one-time code and its Ed25519 public key (hexadecimal). Refused with
    `already_enrolled` to one that has proved a key: the code is not used up. A key that was taken
    in before gets the same desk, without another code."""

    id: Int64
    code: str
    public_key: str
    name: str
    """What people call the desk, such as its host name."""


class Enrolled(FromService, frozen=True):
    """The desk's identity from now on."""

    re: Int64
    desk: str


class Present(FromSeat, frozen=True):
    """The desk proves its key: signature (hexadecimal) over `proof_text`."""

    id: Int64
    desk: str
    proof: str


class Presented(FromService, frozen=True):
    """The proof holds. Facts of this desk's earlier sessions are welcome."""

    re: Int64


class SignIn(FromSeat, frozen=True):
    """A person signs in with a password. `session` names the session that begins."""

    id: Int64
    agent: str
    password: str
    """Or the one-time code that stands for a forgotten one."""
    session: str
    """A session that began without the service may be named: it is then confirmed."""
    new_password: str = ""
    """In place of one that has to be changed: refused with `password_change_needed` without."""
    take_over: bool = False
    """Sign in although another desk that can be heard is signed in: that one is signed out."""


class Resume(FromSeat, frozen=True):
    """A signed-in person is back: after a lost link with the same `session`, after a restart of
    the seat with a new one."""

    id: Int64
    token: str
    session: str


class SignedIn(FromService, frozen=True):
    """Signed in. Keep `token` where only the owner can read it."""

    re: Int64
    token: str
    person: Person
    sip: SipAccount | None
    """None for people without a phone."""
    limits: Limits
    zone: str
    """The site's time zone (IANA), for showing times."""
    lines: tuple[Line, ...] = ()
    """The lines of business of the site, in the operator's order."""


class ChangePassword(FromSeat, frozen=True):
    """The signed-in person wants another password."""

    id: Int64
    password: str
    new_password: str


class PasswordChanged(FromService, frozen=True):
    """From now on the new one holds."""

    re: Int64


class ResetPassword(FromSeat, frozen=True):
    """A lead gives out a one-time code for somebody who has forgotten theirs."""

    id: Int64
    agent: str


class ResetCode(FromService, frozen=True):
    """The code, to be told to the person; it has to be changed at the sign-in that uses it."""

    re: Int64
    code: str
    expires_ms: Instant


class SignOut(FromSeat, frozen=True):
    """The token ends. The state is another matter: a fact."""

    id: Int64


class SignedOut(FromService, frozen=True):
    """The token is worthless now."""

    re: Int64


class Heartbeat(FromSeat, frozen=True):
    """Sent every 10 s; also what the clock is set by."""

    mono_ms: Int64


class HeartbeatSeen(FromService, frozen=True):
    """The answer, at once: the seat's own reading and the server's clock."""

    mono_ms: Int64
    server_ms: Instant


class Forget(FromSeat, frozen=True):
    """Nobody waits for the answer to a request any more. One that takes long is not looked for
    then; nothing is answered."""

    request: Int64
    """The request's id."""


class Error(FromService, frozen=True):
    """A message was refused. `re` is the id of the request, null where there was none."""

    code: str
    params: Params = {}
    re: Int64 | None = None


def proof_text(nonce: str, desk: str) -> bytes:
    """What a desk signs to prove its key on one connection."""
    return f"seatline desk {desk} {nonce}".encode()
