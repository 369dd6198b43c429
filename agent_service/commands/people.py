"""The commands that decide about people: `user add`, `change`, `move` … Also while the service
runs, which follows within a second."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from agent_service import bootstrap
from agent_service.accounts import staff, tokens
from agent_service.accounts.credentials import Credential
from agent_service.accounts.memberships import Membership
from agent_service.accounts.passwords import hash_password
from agent_service.accounts.projector import StaffRow
from agent_service.accounts.staff import OPERATOR
from agent_service.appending import Books, appending
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.ledger.append import Clock
from agent_service.printable import printable
from protocol.facts.staff import Group
from protocol.i18n.arguments import Parser
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code, Refused

_MINUTE_MS = 60_000


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    user = commands.group("user", "user")
    _add_add(user)
    _add_change(user)
    _numbered(user, user.add("disable", "user_disable", _disable))
    _numbered(user, user.add("enable", "user_enable", _enable))
    _add_password(user)
    _numbered(user, user.add("reset", "user_reset", _reset))
    _add_move(user)
    _add_lines(user)


def today(invocation: Invocation) -> date:
    """The site's date."""
    return local_date(bootstrap.now_ms(), ZoneInfo(invocation.settings.site.zone))


@contextlib.contextmanager
def writing(invocation: Invocation) -> Iterator[Books]:
    """A transaction on the invocation's ledger."""
    with appending(invocation.folder, Clock(bootstrap.now_ms, bootstrap.mono_ms)) as books:
        yield books


def _numbered(user: Commands, parser: Parser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=user.text("user_number"))


def _dated(user: Commands, parser: Parser) -> None:
    parser.add_argument(
        "--from", dest="since", type=parser.day, metavar="DATE", help=user.text("user_from")
    )
    parser.add_argument("--until", type=parser.day, metavar="DATE", help=user.text("user_until"))


def _add_add(user: Commands) -> None:
    add, text = user.add("add", "user_add", _add), user.text
    add.add_argument("number", metavar="NUMBER", help=text("user_add_number"))
    add.add_argument("--name", required=True, help=text("user_add_name"))
    add.add_argument(
        "--role", action="append", required=True, metavar="ROLE", help=text("user_add_role")
    )
    add.add_argument("--team", help=text("user_add_team"))
    add.add_argument("--line", action="append", default=[], help=text("user_add_line"))
    _dated(user, add)
    add.add_argument("--sip-user", metavar="USER", help=text("user_add_sip_user"))
    add.add_argument("--password-stdin", action="store_true", help=text("user_add_password_stdin"))
    add.add_argument("--password-final", action="store_true", help=text("user_password_final"))


def _add(invocation: Invocation) -> None:
    asked = invocation.asked
    number, name = staff.check_number(asked.number), staff.check_name(asked.name)
    row = StaffRow(number, name, staff.check_roles(asked.role))
    memberships = _memberships(invocation)
    sip_user = staff.check_sip_user(asked.sip_user) if asked.sip_user else ""
    password_hash = hash_password(invocation.password())
    sip_password = invocation.sip_password() if sip_user else ""
    credential = Credential(number, password_hash, not asked.password_final, sip_user, sip_password)
    with writing(invocation) as books:
        books.register.add(books.connection, row, credential, OPERATOR)
        for membership in memberships:
            books.register.join(books.connection, number, membership, OPERATOR)
    print_data(number)
    _tell_unknown(invocation, asked.line)


def _tell_unknown(invocation: Invocation, lines: Iterable[str]) -> None:
    """A line may be set up later, or be misspelt."""
    known = {line.name for line in invocation.settings.lines}
    for name in lines:
        if known and name not in known:
            invocation.say("line_unknown", line=printable(name), lines=", ".join(sorted(known)))


def _memberships(invocation: Invocation) -> list[Membership]:
    """The team and the lines of `user add`, for the days that were given. Raises `Refused`."""
    asked = invocation.asked
    since, until = asked.since or today(invocation), asked.until
    teams = [] if asked.team is None else [asked.team]
    if (asked.since or until) and not (teams or asked.line):
        raise Refused(Code.NOTHING_ASKED, options="--team, --line")
    named = [(Group.TEAM, name) for name in teams] + [(Group.LINE, name) for name in asked.line]
    return [Membership(group, staff.check_name(name), since, until) for group, name in named]


def _add_change(user: Commands) -> None:
    change, text = user.add("change", "user_change", _change), user.text
    _numbered(user, change)
    change.add_argument("--name", help=text("user_add_name"))
    change.add_argument("--role", action="append", metavar="ROLE", help=text("user_change_role"))
    change.add_argument("--sip-user", metavar="USER", help=text("user_change_sip_user"))
    change.add_argument("--password-stdin", action="store_true", help=text("user_sip_stdin"))


def _change(invocation: Invocation) -> None:
    asked = invocation.asked
    if (asked.name, asked.role, asked.sip_user) == (None, None, None):
        raise Refused(Code.NOTHING_ASKED, options="--name, --role, --sip-user")
    name = staff.check_name(asked.name) if asked.name is not None else None
    roles = staff.check_roles(asked.role) if asked.role else None
    if asked.sip_user:
        staff.check_sip_user(asked.sip_user)
    sip = None if asked.sip_user is None else (asked.sip_user, invocation.sip_password())
    with writing(invocation) as books:
        known = books.register.person(asked.number)
        row = StaffRow(known.number, name or known.name, roles or known.roles)
        books.register.change(books.connection, row, OPERATOR)
        if sip is not None:
            books.register.set_phone(books.connection, known.number, *sip)


def _disable(invocation: Invocation) -> None:
    with writing(invocation) as books:
        books.register.disable(books.connection, invocation.asked.number, OPERATOR)


def _enable(invocation: Invocation) -> None:
    with writing(invocation) as books:
        books.register.enable(books.connection, invocation.asked.number, OPERATOR)


def _add_password(user: Commands) -> None:
    password, text = user.add("password", "user_password", _password), user.text
    _numbered(user, password)
    password.add_argument("--password-stdin", action="store_true", help=text("password_stdin"))
    password.add_argument("--password-final", action="store_true", help=text("user_password_final"))


def _password(invocation: Invocation) -> None:
    asked = invocation.asked
    password_hash = hash_password(invocation.password())
    with writing(invocation) as books:
        books.register.set_password(
            books.connection, asked.number, password_hash, OPERATOR, not asked.password_final
        )
        tokens.revoke_all(books.connection, asked.number)


def _reset(invocation: Invocation) -> None:
    minutes = invocation.settings.sign_in.reset_minutes
    expires_ms = bootstrap.now_ms() + minutes * _MINUTE_MS
    with writing(invocation) as books:
        code = books.register.issue_code(
            books.connection, invocation.asked.number, expires_ms, OPERATOR
        )
    print_data(code)
    invocation.say("reset_code_made", minutes=minutes)


def _add_move(user: Commands) -> None:
    move, text = user.add("move", "user_move", _move), user.text
    _numbered(user, move)
    where = move.add_mutually_exclusive_group(required=True)
    where.add_argument("--team", help=text("user_move_team"))
    where.add_argument("--no-team", action="store_true", help=text("user_move_no_team"))
    _dated(user, move)


def _move(invocation: Invocation) -> None:
    asked = invocation.asked
    since = asked.since or today(invocation)
    team = staff.check_name(asked.team) if asked.team is not None else ""
    with writing(invocation) as books:
        register, connection, number = books.register, books.connection, asked.number
        if team:
            new = Membership(Group.TEAM, team, since, asked.until)
            register.join(connection, number, new, OPERATOR)
            return
        known = register.memberships(number)
        for name in {each.name: None for each in known if each.group is Group.TEAM}:
            register.leave(connection, number, Group.TEAM, name, since, OPERATOR, asked.until)


def _add_lines(user: Commands) -> None:
    lines, text = user.add("lines", "user_lines", _lines), user.text
    _numbered(user, lines)
    lines.add_argument(
        "--add", action="append", default=[], metavar="LINE", help=text("user_lines_add")
    )
    lines.add_argument(
        "--remove", action="append", default=[], metavar="LINE", help=text("user_lines_remove")
    )
    _dated(user, lines)


def _lines(invocation: Invocation) -> None:
    asked = invocation.asked
    if not (asked.add or asked.remove):
        raise Refused(Code.NOTHING_ASKED, options="--add, --remove")
    since = asked.since or today(invocation)
    with writing(invocation) as books:
        for name in asked.remove:
            books.register.leave(
                *(books.connection, asked.number, Group.LINE, staff.check_name(name), since),
                *(OPERATOR, asked.until),
            )
        for name in asked.add:
            new = Membership(Group.LINE, staff.check_name(name), since, asked.until)
            books.register.join(books.connection, asked.number, new, OPERATOR)
    _tell_unknown(invocation, asked.add)
