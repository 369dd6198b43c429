"""Every action and its keys, as one table: footer, palette and key presses are read from it.

Function keys and control keys work everywhere, also while somebody types; letters only where
nothing is typed. Terminals, their multiplexers and desktops keep some keys for themselves (F1,
F10, F11, Ctrl with B, S, Z and others): none of those is the only way to anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from agent_client.terminal.seat import MakeRequest
from protocol.facts.agent import State
from protocol.rules.permissions import LEADS, TEACHERS
from protocol.wire import desk, desk_call
from protocol.wire.desk import PhoneState, Status
from protocol.wire.desk_training import DeskTraining
from protocol.wire.session import Role
from protocol.wire.training import MAX_POSTPONED


class Mode(StrEnum):
    """Which screen lies below everything else."""

    STARTING = "starting"
    SIGN_IN = "sign_in"
    LOCKED = "locked"
    DESK = "desk"
    FLOOR = "floor"
    PERSON = "person"
    """One person's day, over the floor or the desk."""


@dataclass(frozen=True)
class Situation:
    """What decides which actions are possible."""

    mode: Mode
    status: Status | None
    """Null while no seat is heard."""
    training: DeskTraining | None = None
    """Null before the seat told of it."""
    sits: bool = False
    """The paper of an exam lies open at the seat."""


Need = Callable[[Status], bool]

_TEACHING = frozenset({*TEACHERS, *LEADS})
LEADING = frozenset(LEADS)
"""Who may ask something of other people's seats."""


@dataclass(frozen=True)
class Action:
    """Something a person can do, by key or from the palette."""

    name: str
    """Its text is `terminal.action.<name>`; without `ask` the app's method `do_<name>` does it."""
    keys: tuple[str, ...]
    modes: frozenset[Mode]
    states: frozenset[State] | None = None
    """Where it is offered; null does not ask for a seat."""
    needs: tuple[Need, ...] = ()
    ask: MakeRequest | None = None
    """The request that does it."""
    waits: Callable[[Situation], bool] | None = None
    """Whether it waits to be done, where it does not depend on the status alone."""
    roles: frozenset[Role] = frozenset()
    """Whose it is, and nobody else's; empty: everybody's."""

    def belongs_to(self, status: Status | None) -> bool:
        """Whether it is somebody's at all, in whatever state."""
        return not self.roles or (status is not None and not self.roles.isdisjoint(status.roles))

    def offered(self, situation: Situation) -> bool:
        """Whether it is possible now, as far as can be seen from here."""
        if situation.mode not in self.modes:
            return False
        if self.states is None:
            return True
        status = situation.status
        return (
            status is not None
            and status.state in self.states
            and all(need(status) for need in self.needs)
            and self.belongs_to(status)
            and (self.waits is None or self.waits(situation))
        )


def _phone(status: Status) -> bool:
    return status.phone is not PhoneState.NONE


def _phone_ready(status: Status) -> bool:
    return status.phone is PhoneState.REGISTERED and status.microphone


def _muted(status: Status) -> bool:
    return status.call is not None and status.call.muted


def _audible(status: Status) -> bool:
    return status.call is not None and not status.call.muted


def _chosen(status: Status) -> bool:
    return status.next_state is not None


def _in_break_queue(status: Status) -> bool:
    queue = status.break_queue
    return queue is not None and queue.asked is not None and not _chosen(status)


def _ready_not_chosen(status: Status) -> bool:
    return status.next_state != State.READY


def _sign_out_not_chosen(status: Status) -> bool:
    return status.next_state != State.LOGGED_OFF


def _free_to_consult(status: Status) -> bool:
    return status.call is not None and status.call.consultation is None


def _can_join(status: Status) -> bool:
    second = status.call.consultation if status.call is not None else None
    return second is not None and second.answered and not second.joined


def _more_time(status: Status) -> bool:
    return status.last_call is not None and status.last_call.extensions_left > 0


def _has_wrap_up(status: Status) -> bool:
    return status.last_call is not None


def _asked_something(status: Status) -> bool:
    return bool(status.orders)


def _leads(status: Status) -> bool:
    return not LEADING.isdisjoint(status.roles)


def _no_paper(situation: Situation) -> bool:
    return not situation.sits


def _training_offered(situation: Situation) -> bool:
    told = situation.training
    return told is not None and told.offered and told.own.offer is not None


def _may_put_off(situation: Situation) -> bool:
    offer = situation.training.own.offer if situation.training is not None else None
    return _training_offered(situation) and offer is not None and offer.postponed < MAX_POSTPONED


def _mute(id: int) -> desk.AnyRequest:
    return desk_call.Mute(id, True)


def _unmute(id: int) -> desk.AnyRequest:
    return desk_call.Mute(id, False)


_everywhere = frozenset(Mode)
_signed_in = frozenset({Mode.DESK, Mode.FLOOR, Mode.PERSON})
_floor = frozenset({Mode.FLOOR})
_person = frozenset({Mode.PERSON})
_people = _floor | _person
_desk = frozenset({Mode.DESK})
_ringing = frozenset({State.RINGING})
_idle = frozenset({State.READY, State.NOT_READY})
_connected = frozenset({State.TALK, State.HOLD, State.CONSULT})
_in_call = _ringing | _connected | {State.DIALING}
_acw = frozenset({State.ACW})
_alone = frozenset({State.TALK, State.HOLD})
_consulting = frozenset({State.CONSULT})
_somebody = frozenset(State) - {State.LOGGED_OFF}

ACTIONS: tuple[Action, ...] = (
    # the call
    Action("answer", ("f2",), _signed_in, _ringing, (), desk_call.Answer),
    Action("reject", ("f4",), _signed_in, _ringing, (), desk_call.Reject),
    Action("hold", ("f3",), _signed_in, frozenset({State.TALK}), (), desk_call.Hold),
    Action("resume", ("f3",), _signed_in, frozenset({State.HOLD}), (), desk_call.Resume),
    Action("hang_up", ("f4",), _signed_in, _alone | {State.DIALING}, (), desk_call.Hangup),
    Action("end_consult", ("f4",), _signed_in, _consulting, (), desk_call.Hangup),
    Action("mute", ("f7",), _signed_in, _connected, (_audible,), _mute),
    Action("unmute", ("f7",), _signed_in, _connected, (_muted,), _unmute),
    Action("consult", ("f9",), _signed_in, _alone, (_free_to_consult,)),
    Action("join", ("f9",), _signed_in, _consulting, (_can_join,), desk_call.Join),
    Action("transfer", ("f", "ctrl+f"), _signed_in, _alone),
    Action("hand_over", ("f", "ctrl+f"), _signed_in, _consulting, (), desk_call.Transfer),
    Action("keypad", ("d",), _signed_in, _connected),
    Action("acw_done", ("f8",), _signed_in, _acw),
    Action("more_time", ("ctrl+g",), _signed_in, _acw, (_more_time,), desk_call.ExtendAcw),
    Action("wrap_up", ("w", "ctrl+n"), _signed_in, _connected | _acw, (_has_wrap_up,)),
    # one person's day
    Action("back", ("escape",), _person),
    Action("day_before", ("left",), _person, frozenset(State)),
    Action("day_after", ("right",), _person, frozenset(State)),
    # the floor
    Action("filter", ("slash",), _floor, frozenset(State)),
    Action("open_person", ("enter",), _floor, frozenset(State)),
    Action("tick", ("space",), _floor, frozenset(State)),
    Action("exceptions", ("b",), _floor, frozenset(State), (_leads,)),
    Action("requests", ("j",), _floor, _somebody),
    Action("roster", ("v",), _floor, frozenset(State), (_leads,)),
    Action("reports", ("u",), _floor, _somebody, (_leads,)),
    Action("break_queue", ("y",), _floor, frozenset(State), (_leads,)),
    # what a lead asks of people
    Action("message", ("m",), _people, frozenset(State), (_leads,)),
    Action("message_team", ("g",), _floor, frozenset(State), (_leads,)),
    Action("out_of_line", ("n",), _people, frozenset(State), (_leads,)),
    Action("ask_ready", ("a",), _people, frozenset(State), (_leads,)),
    Action("sign_them_out", ("e",), _people, frozenset(State), (_leads,)),
    Action("reset_password", ("p",), _people, frozenset(State), (_leads,)),
    Action("sort", ("s",), _floor, frozenset(State)),
    Action("next_order", ("o",), _floor, frozenset(State)),
    # the state
    Action(
        "ready",
        ("f5",),
        _desk,
        frozenset({State.NOT_READY}),
        (_phone_ready,),
        desk.Ready,
        waits=_no_paper,
    ),
    Action("ready_now", ("f5",), _desk, _acw, (_phone_ready,), desk.Ready),
    Action("ready_next", ("f5",), _desk, _in_call, (_ready_not_chosen,), desk.Ready),
    Action("break", ("f6",), _signed_in, _idle | _acw),
    Action("break_next", ("f6",), _signed_in, _in_call),
    Action(
        "take_back", ("x",), _signed_in, _in_call | _acw, (_chosen,), lambda id: desk.Next(id, None)
    ),
    Action("leave_queue", ("x",), _signed_in, _somebody, (_in_break_queue,)),
    Action("dial", ("f9",), _signed_in, _idle, (_phone_ready,), waits=_no_paper),
    Action("calls", ("c",), _signed_in, _somebody),
    # messages, and the person
    Action("my_day", ("y",), _desk, frozenset(State)),
    Action("requests", ("j",), _desk, _somebody),
    Action("shift_handover", ("h",), _desk | _floor, _somebody),
    Action("teaching", ("1",), _desk | _floor, _somebody, roles=_TEACHING),
    Action("examining", ("2",), _desk | _floor, _somebody, roles=frozenset(TEACHERS)),
    Action("relieve", ("o",), _desk, _idle | _acw),
    Action("study_now", ("a",), _desk, _idle, waits=_training_offered),
    Action("put_off", ("p",), _desk, _idle, waits=_may_put_off),
    Action("own_training", ("s",), _desk, _somebody),
    Action("exams", ("e",), _desk, _somebody),
    Action("read", ("r",), _signed_in, _somebody, (_asked_something,)),
    Action("messages", ("i",), _signed_in, _somebody),
    Action("lock", ("k",), _signed_in, _somebody, (), desk.Lock),
    Action("change_password", ("z",), _signed_in, _somebody),
    # the program
    Action("commands", ("f12", "ctrl+p"), _everywhere),
    Action("help", ("f1", "question_mark"), _everywhere),
    Action("sign_out", ("ctrl+o",), _signed_in, _idle | _acw),
    Action(
        "sign_out_next", ("ctrl+o",), _signed_in, _in_call, (_sign_out_not_chosen,), desk.SignOut
    ),
    Action("why", ("u",), _desk | _person, frozenset(State)),
    Action("own_weeks", ("v",), _desk, frozenset(State)),
    Action("own_month", ("m",), _desk, _idle | _acw),
    Action("language", ("l", "ctrl+l"), _everywhere),
    Action("theme", ("t", "ctrl+t"), _everywhere),
    Action("quit", ("q", "ctrl+q", "ctrl+c"), _everywhere),
)

_COPY = "ctrl+c"
"""Copies in a field; elsewhere it leaves, as everywhere in terminals."""
_FIELDS_OWN = frozenset(
    {_COPY, "slash", "question_mark", "space", "enter", "escape", "left", "right"}
)
"""What a field needs for itself."""


_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "space": "␣",
    "enter": "⏎",
    "escape": "Esc",
    "left": "←",
    "right": "→",
}


def works_while_typing(key: str) -> bool:
    """Whether a key goes past a field that has the focus."""
    return len(key) > 1 and key not in _FIELDS_OWN


def all_keys() -> tuple[str, ...]:
    """Every key of the table, each once."""
    return tuple(dict.fromkeys(key for action in ACTIONS for key in action.keys))


def offered(situation: Situation) -> tuple[Action, ...]:
    """The actions that are possible now, in the order of the table."""
    return tuple(action for action in ACTIONS if action.offered(situation))


def behind(key: str, actions: Iterable[Action]) -> Action | None:
    """The action among those that a key stands for."""
    return next((action for action in actions if key in action.keys), None)


def key_of(action: Action, typing: bool) -> str | None:
    """The key to show for an action: one that works here, or none."""
    return next((key for key in action.keys if not typing or works_while_typing(key)), None)


def key_name(key: str) -> str:
    """How a key is written: `F5`, `^Q`, `/`, `x`."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    return _NAMES.get(key, key.upper() if works_while_typing(key) else key)
