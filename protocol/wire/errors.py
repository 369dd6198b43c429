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
    TOO_MANY_REQUESTS = "too_many_requests"
    DRAINING = "draining"
    INTERNAL = "internal"
    # who one is
    BAD_ENROLMENT_CODE = "bad_enrolment_code"
    BAD_DESK_PROOF = "bad_desk_proof"
    ALREADY_ENROLLED = "already_enrolled"
    DESK_EXPECTED = "desk_expected"
    SIGN_IN_EXPECTED = "sign_in_expected"
    BAD_CREDENTIALS = "bad_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a code, not a secret
    SIGNED_IN_ELSEWHERE = "signed_in_elsewhere"
    PASSWORD_CHANGE_NEEDED = "password_change_needed"  # noqa: S105 - a code, not a secret
    PASSWORD_NOT_NEW = "password_not_new"  # noqa: S105 - a code, not a secret
    DISABLED = "disabled"
    NOT_CONFIRMED = "not_confirmed"
    TAKEN_OVER = "taken_over"
    LEDGER_DIFFERS = "ledger_differs"
    RECORDS_DAMAGED = "records_damaged"
    # what leads ask
    OWN_ORDER = "own_order"
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_TEAM = "unknown_team"
    BAD_TEXT = "bad_text"
    AGENT_SIGNED_OUT = "agent_signed_out"
    TOO_MANY_ORDERS = "too_many_orders"
    UNKNOWN_ORDER = "unknown_order"
    # rosters, exceptions, requests, attendance, handover
    BAD_SPAN = "bad_span"
    BAD_PLAN = "bad_plan"
    UNKNOWN_PATTERN = "unknown_pattern"
    UNKNOWN_ROTATION = "unknown_rotation"
    SHIFT_BEGUN = "shift_begun"
    NOT_BEGUN = "not_begun"
    SAME_PLAN = "same_plan"
    NOTHING_DRAFTED = "nothing_drafted"
    TOO_MANY_DAYS = "too_many_days"
    ROSTER_REFUSED = "roster_refused"
    ROSTER_WARNINGS = "roster_warnings"
    BAD_INTERVAL = "bad_interval"
    INCIDENT_AHEAD = "incident_ahead"
    PRESENCE_AHEAD = "presence_ahead"
    OWN_CASE = "own_case"
    ALREADY_DECIDED = "already_decided"
    SECOND_BY_SAME = "second_by_same"
    UNKNOWN_EXCEPTION = "unknown_exception"
    UNKNOWN_CORRECTION = "unknown_correction"
    UNKNOWN_INCIDENT = "unknown_incident"
    UNKNOWN_REQUEST = "unknown_request"
    NO_SHIFT = "no_shift"
    SUBSTITUTE_BUSY = "substitute_busy"
    SUBSTITUTE_ABSENT = "substitute_absent"
    TOO_LATE = "too_late"
    CONSENT_MISSING = "consent_missing"
    PLAN_CHANGED = "plan_changed"
    HOURS_MISSING = "hours_missing"
    BOOKING_DAY = "booking_day"
    ON_LEAVE = "on_leave"
    MONTH_NOT_OVER = "month_not_over"
    MONTH_LOCKED = "month_locked"
    MONTH_NOT_SIGNED = "month_not_signed"
    OPEN_DAYS = "open_days"
    OPEN_EXCEPTIONS = "open_exceptions"
    OPEN_INCIDENTS = "open_incidents"
    OPEN_CORRECTIONS = "open_corrections"
    DIGEST_DIFFERS = "digest_differs"
    UNKNOWN_HANDOVER = "unknown_handover"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_REPORT = "unknown_report"
    SINGLE_CASES = "single_cases"
    WORKBOOK_TOO_LARGE = "workbook_too_large"
    NO_QUEUE = "no_queue"
    NOT_IN_QUEUE = "not_in_queue"
    BREAK_TAKEN = "break_taken"
    RULES_UNREADABLE = "rules_unreadable"
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
    NO_CONSULTATION = "no_consultation"
    BAD_DIGITS = "bad_digits"
    UNKNOWN_CALL = "unknown_call"
    UNKNOWN_CODE = "unknown_code"
    BAD_TIME = "bad_time"
    NOT_KEPT = "not_kept"
    PHONE_REFUSED = "phone_refused"
    DISK_FAILED = "disk_failed"
    # the operator's command line
    BAD_STAFF_NUMBER = "bad_staff_number"
    BAD_NAME = "bad_name"
    BAD_SIP_USER = "bad_sip_user"
    NOTHING_ASKED = "nothing_asked"
    STAFF_CLOSED = "staff_closed"
    UNKNOWN_ROLE = "unknown_role"
    STAFF_EXISTS = "staff_exists"
    BAD_DATES = "bad_dates"
    BAD_SHEET = "bad_sheet"
    SHEET_UNREADABLE = "sheet_unreadable"
    PASSWORDS_FILE_NEEDED = "passwords_file_needed"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    COLUMN_MISSING = "column_missing"
    VALUE_MISSING = "value_missing"
    NUMBER_TWICE = "number_twice"
    BAD_DATE = "bad_date"
    BAD_CLOCK_TIME = "bad_clock_time"
    UNKNOWN_ACTIVITY = "unknown_activity"
    DAY_TWICE = "day_twice"
    ROWS_CLASH = "rows_clash"
    STRETCHES_CLASH = "stretches_clash"
    EMPTY_STRETCH = "empty_stretch"
    CALENDAR_UNREADABLE = "calendar_unreadable"
    EVENT_REPEATS = "event_repeats"
    EVENT_TOO_LONG = "event_too_long"
    EVENT_UNNAMED = "event_unnamed"
    EVENT_WITHOUT_END = "event_without_end"
    EVENT_WHOLE_DAY = "event_whole_day"
    EVENT_ZONE = "event_zone"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a code, not a secret
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105 - a code, not a secret
    PASSWORDS_DIFFER = "passwords_differ"
    NO_PASSWORD = "no_password"  # noqa: S105 - a code, not a secret
    NOT_TEXT = "not_text"
    NO_DATABASE = "no_database"
    DATABASE_REFUSED = "database_refused"
    DATABASE_EXISTS = "database_exists"
    DATABASE_NEWER = "database_newer"
    DATABASE_OLDER = "database_older"
    FILE_EXISTS = "file_exists"
    FILE_REFUSED = "file_refused"
    BAD_LINE = "bad_line"
    LEDGER_NOT_EMPTY = "ledger_not_empty"
    BAD_INPUT = "bad_input"
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

    def __init__(self, code: str, /, **params: str | int) -> None:
        super().__init__(code)
        self.code = str(code)
        self.params: Params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({shown})" if shown else self.code
