"""What can be found at a desk, as codes; their words and how to mend them are in the catalogue
(`doctor.found.<code>`, `doctor.mend.<code>`)."""

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """Works, but something will be missed."""
    FAIL = "fail"
    """Nobody can work with it."""


class Found(StrEnum):
    """Everything that a check can say."""

    # any check
    CHECK_TOO_SLOW = "check_too_slow"
    CHECK_BROKE = "check_broke"
    # Python
    PYTHON_FINE = "python_fine"
    PYTHON_OLD = "python_old"
    PYTHON_NEW = "python_new"
    # the phone library
    PHONE_LIBRARY = "phone_library"
    PHONE_LIBRARY_MISSING = "phone_library_missing"
    PHONE_LIBRARY_BROKEN = "phone_library_broken"
    PHONE_TLS = "phone_tls"
    PHONE_TLS_OLD = "phone_tls_old"
    PHONE_TLS_NONE = "phone_tls_none"
    # sound
    SOUND_DEVICES = "sound_devices"
    NO_PORTAUDIO = "no_portaudio"
    NO_MICROPHONE = "no_microphone"
    NO_LOUDSPEAKER = "no_loudspeaker"
    SOUND_BROKEN = "sound_broken"
    # the terminal
    NO_TERMINAL = "no_terminal"
    TERMINAL_SIZE = "terminal_size"
    TERMINAL_SMALL = "terminal_small"
    COLOURS = "colours"
    TRUE_COLOUR = "true_colour"
    NO_COLOURS = "no_colours"
    UTF8 = "utf8"
    NOT_UTF8 = "not_utf8"
    WIDE_CELLS = "wide_cells"
    WIDE_CELLS_WRONG = "wide_cells_wrong"
    WIDE_CELLS_UNKNOWN = "wide_cells_unknown"
    KITTY_KEYS = "kitty_keys"
    # records
    FOLDER_FINE = "folder_fine"
    FOLDER_TO_COME = "folder_to_come"
    FOLDER_UNWRITABLE = "folder_unwritable"
    FOLDER_OPEN = "folder_open"
    DISK_ROOM = "disk_room"
    DISK_LOW = "disk_low"
    DISK_FULL = "disk_full"
    # the service
    SERVER_BAD = "server_bad"
    NAME_UNKNOWN = "name_unknown"
    PORT_CLOSED = "port_closed"
    PORT_SILENT = "port_silent"
    CA_UNREADABLE = "ca_unreadable"
    CERTIFICATE_REFUSED = "certificate_refused"
    CERTIFICATE_FINE = "certificate_fine"
    CERTIFICATE_ENDS = "certificate_ends"
    IN_THE_CLEAR = "in_the_clear"
    NO_SERVICE = "no_service"
    VERSION_DIFFERS = "version_differs"
    SERVICE_FINE = "service_fine"
    CLOCK_FINE = "clock_fine"
    CLOCK_OFF = "clock_off"
    DESK_ENROLLED = "desk_enrolled"
    DESK_NOT_ENROLLED = "desk_not_enrolled"
    # the seat
    SEAT_RUNS = "seat_runs"
    NO_SEAT = "no_seat"
    SEAT_SILENT = "seat_silent"
    SEAT_OFFLINE = "seat_offline"
    REGISTERED = "registered"
    NOT_REGISTERED = "not_registered"
    DELIVERED = "delivered"
    UNSENT = "unsent"
    HELD_BACK = "held_back"


FAILS = frozenset(
    {
        Found.PYTHON_OLD,
        Found.PHONE_LIBRARY_MISSING,
        Found.PHONE_LIBRARY_BROKEN,
        Found.NO_PORTAUDIO,
        Found.NOT_UTF8,
        Found.FOLDER_UNWRITABLE,
        Found.FOLDER_OPEN,
        Found.DISK_FULL,
        Found.SERVER_BAD,
        Found.NAME_UNKNOWN,
        Found.PORT_CLOSED,
        Found.PORT_SILENT,
        Found.CA_UNREADABLE,
        Found.CERTIFICATE_REFUSED,
        Found.NO_SERVICE,
        Found.VERSION_DIFFERS,
        Found.SEAT_SILENT,
        Found.HELD_BACK,
    }
)
WARNS = frozenset(
    {
        Found.CHECK_TOO_SLOW,
        Found.CHECK_BROKE,
        Found.PYTHON_NEW,
        Found.PHONE_TLS_OLD,
        Found.PHONE_TLS_NONE,
        Found.NO_MICROPHONE,
        Found.NO_LOUDSPEAKER,
        Found.SOUND_BROKEN,
        Found.TERMINAL_SMALL,
        Found.NO_COLOURS,
        Found.WIDE_CELLS_WRONG,
        Found.DISK_LOW,
        Found.CERTIFICATE_ENDS,
        Found.IN_THE_CLEAR,
        Found.CLOCK_OFF,
        Found.DESK_NOT_ENROLLED,
        Found.SEAT_OFFLINE,
        Found.NOT_REGISTERED,
        Found.UNSENT,
    }
)


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    code: Found
    params: dict[str, str | int] = field(default_factory=dict)
    """What its words mention."""

    @property
    def level(self) -> Level:
        """How bad it is."""
        if self.code in FAILS:
            return Level.FAIL
        return Level.WARN if self.code in WARNS else Level.OK


def found(code: Found, **params: str | int) -> Finding:
    """A finding."""
    return Finding(code, params)
