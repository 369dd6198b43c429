"""What the operator sets: from flags, else `SEATLINE_…` variables, else a TOML file."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeGuard, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from agent_service.breaks.settings_check import check_breaks
from agent_service.lines import check_lines
from agent_service.log import Log
from agent_service.rosters.settings_check import (
    check_holidays,
    check_patterns,
    check_requirements,
    check_rotations,
)
from protocol.rules.agent_state import Limits
from protocol.rules.break_queue import BreakRule
from protocol.rules.day_rules import (
    AdherenceRules,
    AdherenceSettings,
    AttendRules,
    DayRules,
    RosterRules,
)
from protocol.rules.lines import Line
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import Holiday, Pattern, Requirement, Rotation

PREFIX = "SEATLINE_"
_YEAR_HOURS = 8784


class Listen(msgspec.Struct, frozen=True):
    """Where the service listens: an address or a name of this machine."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 7420
    """0 takes any free one."""
    insecure_plaintext: bool = False
    """Listen on other than loopback addresses without TLS."""


class Tls(msgspec.Struct, frozen=True):
    """The operator's certificate (PEM, with its chain) and its key; empty: none."""

    certificate: str = ""
    key: str = ""


class Site(msgspec.Struct, frozen=True):
    """The floor."""

    zone: str = "Asia/Shanghai"
    offline_after_s: Annotated[float, Meta(gt=0, le=3600)] = 30
    """A seat that is not heard for so long is OFFLINE."""
    offline_signout_s: Annotated[int, Meta(ge=1, le=_YEAR_HOURS * 3600)] = 14_400
    """Whoever has been OFFLINE for so long is taken for signed out, until the seat says more."""


class Sip(msgspec.Struct, frozen=True):
    """What all phones of the floor share."""

    registrar: str = ""
    transport: Literal["udp", "tcp", "tls"] = "udp"
    ready_code: str = ""
    """Dialled to tell the exchange that an agent is ready; empty: it is not told."""
    pause_code: str = ""
    service_codes: tuple[str, ...] = ()
    """Numbers that are no customers; `*` at the end stands for all that begin so."""


class SignIn(msgspec.Struct, frozen=True):
    """Passwords, tokens and enrolment codes."""

    attempts: Annotated[int, Meta(ge=1)] = 5
    """Wrong passwords in a row, by staff number and by desk."""
    wait_s: Annotated[int, Meta(ge=1, le=86_400)] = 60
    """How long both have to wait then."""
    token_hours: Annotated[float, Meta(gt=0, le=_YEAR_HOURS)] = 16
    code_hours: Annotated[float, Meta(gt=0, le=_YEAR_HOURS)] = 24
    reset_minutes: Annotated[int, Meta(ge=1, le=1440)] = 30
    """How long a code that stands for a forgotten password is good."""
    first_days: Annotated[int, Meta(ge=1, le=366)] = 30
    """How long the first password of somebody who was imported is good."""


class Orders(msgspec.Struct, frozen=True):
    """How long what leads ask waits for a seat that is away."""

    force_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10
    message_hours: Annotated[int, Meta(ge=1, le=_YEAR_HOURS)] = 24


class Feed(msgspec.Struct, frozen=True):
    """What supervisors are sent."""

    interval_ms: Annotated[int, Meta(ge=1, le=60_000)] = 200
    """Between two batches, at least."""
    buffer_kib: Annotated[int, Meta(ge=1024)] = 8192
    """A reader that leaves more than this unread is cut off."""


class Training(msgspec.Struct, frozen=True):
    """Reading at the desks, and who is called to it and back."""

    idle_s: Annotated[int, Meta(ge=10, le=3600)] = 180
    """Reading is not credited for longer without a sign of the reader."""
    offer_s: Annotated[int, Meta(ge=10, le=86_400)] = 900
    """How long a lead's push offers a task."""
    recall_s: Annotated[int, Meta(ge=10, le=86_400)] = 600
    """How long it stands that somebody is asked back to the line."""


class Settings(msgspec.Struct, frozen=True):
    """All settings of the service."""

    data: str = ""
    """The folder of the database; empty: the user's state folder."""
    listen: Listen = Listen()
    tls: Tls = Tls()
    site: Site = Site()
    state: Limits = Limits()
    sip: Sip = Sip()
    sign_in: SignIn = SignIn()
    orders: Orders = Orders()
    feed: Feed = Feed()
    log: Log = Log()
    adherence: AdherenceSettings = AdherenceSettings()
    attend: AttendRules = AttendRules()
    roster: RosterRules = RosterRules()
    patterns: tuple[Pattern, ...] = ()
    """The shift patterns, in the order in which people see them."""
    rotations: tuple[Rotation, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    """They go before the public ones that are known."""
    breaks: tuple[BreakRule, ...] = ()
    """The queues for breaks; without any, breaks are simply taken."""
    training: Training = Training()
    lines: tuple[Line, ...] = ()
    """The lines of business, in the order in which people see them."""


Tree = dict[str, object]


def load(
    file: Path | None, environment: Mapping[str, str], flags: Mapping[str, str | bool]
) -> Settings:
    """The settings. `flags` are dotted names such as `listen.port`.

    Raises `Refused` with `bad_setting`, naming the key, for a file that can't be read, a key
    that does not exist and a value of the wrong kind.
    """
    tree = _read(file) if file is not None else {}
    _refuse_unknown(tree, Settings, "")
    for name, value in _from_environment(environment).items():
        _put(tree, name, value)
    for name, flag in flags.items():
        _put(tree, name, flag)
    settings = _convert(tree)
    _check_zone(settings.site.zone)
    check_lines(settings.lines)
    check_breaks(settings.breaks)
    check_patterns(settings.patterns)
    check_rotations(settings.rotations, settings.patterns)
    check_requirements(settings.requirements)
    check_holidays(settings.holidays)
    return settings


def day_rules(settings: Settings) -> DayRules:
    """The values by which figures are made. Of after-call work they excuse what seats allow."""
    adherence = AdherenceRules(
        **msgspec.structs.asdict(settings.adherence),
        acw_limit_s=settings.state.acw_limit_s,
        acw_limits_s={
            line.name: line.acw_limit_s for line in settings.lines if line.acw_limit_s is not None
        },
    )
    return DayRules(adherence, settings.attend, settings.roster)


def data_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where the database is."""
    if settings.data:
        return Path(settings.data)
    state = environment.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "seatline" / "service"


def _read(file: Path) -> Tree:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(Code.BAD_SETTING, name=str(file), detail=str(error)) from error


def _refuse_unknown(tree: Tree, kind: type[msgspec.Struct], prefix: str) -> None:
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for name, value in tree.items():
        if name not in fields:
            raise Refused(Code.BAD_SETTING, name=f"{prefix}{name}", detail="unknown")
        for place, part, section in _sections(f"{prefix}{name}", fields[name], value):
            _refuse_unknown(part, section, f"{place}.")


def _sections(
    place: str, kind: object, value: object
) -> Iterator[tuple[str, Tree, type[msgspec.Struct]]]:
    """What has keys of its own in a value: a section, or those of a list of sections."""
    if isinstance(value, dict) and _is_section(kind):
        yield place, value, kind
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _sections(f"{place}[{number}]", next(iter(get_args(kind)), None), item)


def _is_section(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _from_environment(environment: Mapping[str, str]) -> dict[str, str | list[str]]:
    """`SEATLINE_LISTEN_PORT` is `listen.port`; variables of other programs are left alone. The
    items of a list stand between commas."""
    found: dict[str, str | list[str]] = {}
    for name, kind in _names(Settings, ""):
        variable = PREFIX + name.replace(".", "_").upper()
        if variable in environment:
            value = environment[variable]
            found[name] = _items(value) if get_origin(kind) in (tuple, frozenset) else value
    return found


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


def _names(kind: type[msgspec.Struct], prefix: str) -> list[tuple[str, object]]:
    """Dotted names, and of which kind each is."""
    names: list[tuple[str, object]] = []
    for field in msgspec.structs.fields(kind):
        if _is_section(field.type):
            names += _names(field.type, f"{prefix}{field.name}.")
        else:
            names.append((f"{prefix}{field.name}", field.type))
    return names


def _put(tree: Tree, name: str, value: object) -> None:
    *sections, last = name.split(".")
    for section in sections:
        inner = tree.setdefault(section, {})
        if not isinstance(inner, dict):
            raise Refused(Code.BAD_SETTING, name=section, detail="not a section")
        tree = inner
    tree[last] = value


def _convert(tree: Tree) -> Settings:
    """Texts are taken for numbers too, since that is what variables and flags hold."""
    try:
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        detail, _, place = str(error).partition(" - at `$.")
        raise Refused(Code.BAD_SETTING, name=place.rstrip("`"), detail=detail) from error


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(Code.BAD_SETTING, name="site.zone", detail=str(error)) from error
