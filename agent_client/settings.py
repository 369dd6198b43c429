"""What can be set on a desk: flags, then the environment, then a file, then the defaults."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent_client.phone.engine import Sound
from protocol.wire.errors import Code, Refused

DEFAULT_SERVER = "ws://127.0.0.1:7420"


class PhoneSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The desk's phone: where it listens and what it sounds with."""

    listen_host: str = "127.0.0.1"
    listen_port: int = 0
    sound: Sound = Sound.AUTO
    call_device: str = ""
    """Name, or part of it, of the device for calls."""
    ring_device: str = ""
    """The same for the bell."""
    rtp_loss_s: int = 30
    ca: str = ""
    """A certificate authority's file, for an exchange with a certificate of its own."""


class TerminalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The screen."""

    bell: bool = True
    """Whether the terminal beeps or flashes when a call rings; the phone rings anyway."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of the client."""

    server: str = DEFAULT_SERVER
    agent: str = ""
    lang: str = ""
    desk_name: str = ""
    data: str = ""
    """Where a seat keeps its records; by default the user's data folder."""
    runtime: str = ""
    """Where running seats are found; by default the user's runtime folder."""
    ca: str = ""
    """A certificate authority's file, for a service with a certificate of its own."""
    phone: PhoneSettings = PhoneSettings()
    terminal: TerminalSettings = TerminalSettings()

    def data_folder(self) -> Path:
        """The folder of all seats' records."""
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return Path(self.data) if self.data else Path(base) / "seatline"

    def runtime_folder(self) -> Path:
        """The folder of running seats' sockets."""
        if self.runtime:
            return Path(self.runtime)
        base = os.environ.get("XDG_RUNTIME_DIR")
        return Path(base) / "seatline" if base else self.data_folder() / "run"

    def name_of_desk(self) -> str:
        """What people call this desk."""
        return self.desk_name or socket.gethostname()


FROM_ENVIRONMENT = {
    "SEATLINE_SERVER": ("server",),
    "SEATLINE_AGENT": ("agent",),
    "SEATLINE_LANG": ("lang",),
    "SEATLINE_DESK_NAME": ("desk_name",),
    "SEATLINE_CLIENT_DATA": ("data",),
    "SEATLINE_RUNTIME": ("runtime",),
    "SEATLINE_CA": ("ca",),
    "SEATLINE_SIP_HOST": ("phone", "listen_host"),
    "SEATLINE_SIP_PORT": ("phone", "listen_port"),
    "SEATLINE_SOUND": ("phone", "sound"),
    "SEATLINE_CALL_DEVICE": ("phone", "call_device"),
    "SEATLINE_RING_DEVICE": ("phone", "ring_device"),
    "SEATLINE_RTP_LOSS": ("phone", "rtp_loss_s"),
    "SEATLINE_SIP_CA": ("phone", "ca"),
}
"""Each environment variable and the setting it gives."""


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment of a program that is to have the same."""
    phone = settings.phone
    return {
        "SEATLINE_SERVER": settings.server,
        "SEATLINE_AGENT": settings.agent,
        "SEATLINE_DESK_NAME": settings.desk_name,
        "SEATLINE_CLIENT_DATA": str(settings.data_folder()),
        "SEATLINE_RUNTIME": str(settings.runtime_folder()),
        "SEATLINE_CA": settings.ca,
        "SEATLINE_SIP_HOST": phone.listen_host,
        "SEATLINE_SIP_PORT": str(phone.listen_port),
        "SEATLINE_SOUND": phone.sound,
        "SEATLINE_CALL_DEVICE": phone.call_device,
        "SEATLINE_RING_DEVICE": phone.ring_device,
        "SEATLINE_RTP_LOSS": str(phone.rtp_loss_s),
        "SEATLINE_SIP_CA": phone.ca,
    }


def load_settings(
    flags: Mapping[str, str], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Put the settings together. Raises `Refused(BAD_SETTING)` naming what is wrong."""
    tree = _read(file or _default_file(environment))
    try:
        for variable, path in FROM_ENVIRONMENT.items():
            if environment.get(variable):
                _put(tree, path, environment[variable])
        for name, value in flags.items():
            _put(tree, (name,), value)
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(Code.BAD_SETTING, name="client", detail=str(error)) from error


def _default_file(environment: Mapping[str, str]) -> Path | None:
    base = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    file = Path(base) / "seatline" / "client.toml"
    return file if file.exists() else None


def _read(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        tree = msgspec.toml.decode(file.read_bytes(), type=dict[str, object])
    except (OSError, ValueError) as error:
        raise Refused(Code.BAD_SETTING, name=str(file), detail=str(error)) from error
    return tree


def _put(tree: dict[str, object], path: tuple[str, ...], value: str) -> None:
    *parents, name = path
    for parent in parents:
        branch = tree.setdefault(parent, {})
        if not isinstance(branch, dict):
            raise msgspec.ValidationError(parent)
        tree = branch
    tree[name] = value
