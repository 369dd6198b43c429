"""Who takes part in the demonstration, read from its file in `config/`."""

from pathlib import Path

import msgspec


class DemoStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of staff to be made."""

    number: str
    name: str
    roles: tuple[str, ...]
    team: str = ""


class DemoCustomer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A customer who calls."""

    number: str
    name: str = ""
    dials: str = ""
    """The number of the line that is called; empty: the desk's own."""


class DemoExpert(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody elsewhere in the house whom agents consult, and hand customers on to."""

    number: str
    name: str


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everybody."""

    agent: str
    lead: str
    password: str
    zone: str
    staff: tuple[DemoStaff, ...]
    customers: tuple[DemoCustomer, ...]
    expert: DemoExpert

    def agents(self) -> tuple[str, ...]:
        """Staff numbers of those who take calls."""
        return tuple(each.number for each in self.staff if "agent" in each.roles)


def read_cast(file: Path) -> Cast:
    """Raises `OSError` or `msgspec.DecodeError` when the file is not as it should be."""
    return msgspec.toml.decode(file.read_bytes(), type=Cast)
