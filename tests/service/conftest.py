"""A floor service in the test's own process, on a real port and a real disk."""

import contextlib
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec
import pytest

from agent_service import bootstrap, database
from agent_service.accounts import tokens
from agent_service.accounts.passwords import hash_password
from agent_service.commands.accounts import make_codes
from agent_service.commands.database import init
from agent_service.service import Service
from agent_service.settings import Feed, Listen, Settings, Site
from protocol.wire.session import Person, Role
from tests.service.client import Client, DeskKey
from tests.service.operator import Operator
from tests.service.people import hire

PASSWORD = "correct horse battery"
STAFF = (
    Person("1001", "王芳", (Role.AGENT,), "A"),
    Person("1002", "Li Wei", (Role.AGENT,), "B"),
    Person("1003", "Zhao Min", (Role.AGENT,)),
    Person("2001", "Chen Jing", (Role.LEADER,), "A"),
    Person("2002", "Wu Jun", (Role.LEADER,)),
    Person("3001", "Sun Lei", (Role.SUPERVISOR,)),
)
HIRED = 2 + sum(3 if person.team else 2 for person in STAFF)
"""Entries of the ledger before the first start: the administrator and the staff."""
STARTED = HIRED + 1
"""And after it: the rules of the day are adopted."""
SETTINGS = Settings(
    listen=Listen(port=0),
    site=Site(offline_after_s=30),
    feed=Feed(interval_ms=10),
)

Serve = Callable[..., AbstractAsyncContextManager[Service]]
"""`async with serve(settings) as service`: on the test's own data, any number of times."""
SignedIn = Callable[..., Awaitable[Client]]
"""`await signed_in("1001")`: a new desk with that person signed in."""


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database and its staff, to be copied: passwords are slow to hash."""
    folder = tmp_path_factory.mktemp("staffed")
    password_hash = hash_password(PASSWORD)
    init(folder, "admin", lambda: PASSWORD)
    hire(folder, STAFF, password_hash, "sip secret")
    return folder


@pytest.fixture
def data(staffed: Path, tmp_path: Path) -> Path:
    """The test's own copy."""
    return Path(shutil.copytree(staffed, tmp_path / "data"))


@pytest.fixture
def serve(data: Path) -> Serve:
    @contextlib.asynccontextmanager
    async def start(settings: Settings = SETTINGS) -> AsyncIterator[Service]:
        service = bootstrap.make_service(settings, data)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    return start


@pytest.fixture
async def service(serve: Serve) -> AsyncIterator[Service]:
    """A running service with the settings above."""
    async with serve() as running:
        yield running


@pytest.fixture
async def url(service: Service) -> str:
    return service.server.address


@pytest.fixture
async def desks(data: Path) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """`await desks(url)`: a desk just enrolled that has presented itself."""
    async with contextlib.AsyncExitStack() as stack:

        async def enrolled(url: str, key: DeskKey | None = None, name: str = "desk") -> Client:
            client = await stack.enter_async_context(await Client.open(url, key))
            await client.hello()
            if not client.key.desk:
                await client.enrol(make_codes(data, 1, 1)[0], name)
            return await client.present()

        yield enrolled


@pytest.fixture
async def signed_in(url: str, data: Path, desks: Callable[..., Awaitable[Client]]) -> SignedIn:
    async def sign_in(agent: str, name: str = "desk") -> Client:
        client = await desks(url, name=name)
        return await client.resume(make_token(data, client.key.desk, agent), str(uuid.uuid4()))

    return sign_in


def make_token(data: Path, desk: str, agent: str) -> str:
    """A token as a sign-in would give it, without the time that a password takes."""
    expires_ms = bootstrap.now_ms() + 3_600_000
    opened = database.open_writer(data / database.FILE)
    with contextlib.closing(opened), opened.atomic():
        return tokens.issue(opened.conn, desk, agent, expires_ms)


def with_site(settings: Settings, **fields: object) -> Settings:
    """The settings with some of the site's changed."""
    return msgspec.structs.replace(settings, site=msgspec.structs.replace(settings.site, **fields))


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody at the command line."""
    return Operator(capsys, monkeypatch)
