"""Every reason for which something is refused, as a stable code with parameters.

A code never changes its meaning. Words are made from it at the edge, in the reader's language
(`protocol.i18n`, key `error.<code>`).
"""

from enum import StrEnum


class Code(StrEnum):
    """The stable codes of refusals (those of the state table are in `rules.agent_state`)."""

    # the conversation
    VERSION_UNSUPPORTED = "version_unsupported"
    HELLO_EXPECTED = "hello_expected"
    MALFORMED_MESSAGE = "malformed_message"
    UNKNOWN_COMMAND = "unknown_command"
    FRAME_TOO_LARGE = "frame_too_large"
    NOT_PERMITTED = "not_permitted"
    DRAINING = "draining"
    INTERNAL = "internal"
    # who one is
    BAD_ENROLMENT_CODE = "bad_enrolment_code"
    BAD_DESK_PROOF = "bad_desk_proof"
    DESK_EXPECTED = "desk_expected"
    SIGN_IN_EXPECTED = "sign_in_expected"
    BAD_CREDENTIALS = "bad_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a code, not a secret
    SIGNED_IN_ELSEWHERE = "signed_in_elsewhere"
    # facts
    NOT_YOUR_SESSION = "not_your_session"
    SEQUENCE_GAP = "sequence_gap"
    MALFORMED_FACT = "malformed_fact"
    FACT_NOT_YOURS = "fact_not_yours"
    BATCH_TOO_LARGE = "batch_too_large"
    LEDGER_UNAVAILABLE = "ledger_unavailable"
    # the seat
    NO_SEAT = "no_seat"
    SEVERAL_SEATS = "several_seats"
    SEAT_RUNNING = "seat_running"
    AGENT_NEEDED = "agent_needed"
    SEAT_STARTING_FAILED = "seat_starting_failed"
    SERVICE_UNREACHABLE = "service_unreachable"
    NOT_ENROLLED = "not_enrolled"
    FOLDER_NOT_PRIVATE = "folder_not_private"
    NO_CALL = "no_call"
    NO_PHONE = "no_phone"
    BAD_NUMBER = "bad_number"
    NO_EXCHANGE = "no_exchange"
    PHONE_REFUSED = "phone_refused"
    DISK_FAILED = "disk_failed"
    # the operator's command line
    BAD_STAFF_NUMBER = "bad_staff_number"
    BAD_NAME = "bad_name"
    UNKNOWN_ROLE = "unknown_role"
    STAFF_EXISTS = "staff_exists"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a code, not a secret
    PASSWORDS_DIFFER = "passwords_differ"
    NO_PASSWORD = "no_password"  # noqa: S105 - a code, not a secret
    NOT_TEXT = "not_text"
    NO_DATABASE = "no_database"
    DATABASE_REFUSED = "database_refused"
    DATABASE_EXISTS = "database_exists"
    DATABASE_NEWER = "database_newer"
    BAD_SETTING = "bad_setting"
    ALREADY_SERVING = "already_serving"
    ADDRESS_IN_USE = "address_in_use"
    TLS_REQUIRED = "tls_required"
    LEDGER_BROKEN = "ledger_broken"
    PROJECTION_DIFFERS = "projection_differs"


Params = dict[str, str | int]
"""What the words of a code mention, by name."""


class Refused(Exception):
    """Something can't be done, for a reason that has a code. Nothing was changed."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = str(code)
        self.params: Params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({shown})" if shown else self.code
