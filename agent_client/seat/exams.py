"""Sitting an exam at this desk: the paper that lies open, its answers, and its end.

An answer is on this disk before anybody is told that it is kept, and goes to the service at once
and again until that has it. How long there is, the service says; what the clock of the desk shows
has no say in it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import msgspec

from agent_client.seat.clock import Clock
from agent_client.seat.desk import Desk
from agent_client.seat.exam_delivery import ExamDelivery
from agent_client.seat.exam_journal import ExamJournal, Kept
from agent_client.seat.standing import Standing
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import Happening, Refusal, Trigger
from protocol.rules.exam_answer import fits
from protocol.wire.desk_exam import DeskExams
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    MAX_ANSWER,
    SAVE_EVERY_S,
    SUBMIT_GRACE_S,
    OwnExams,
    Sheet,
    SheetQuestion,
    SittingRow,
)

_log = logging.getLogger(__name__)

AGAIN_S = 0.5
"""Pause between two tries to hand in what the time has run out for."""
_IDLE = frozenset({State.READY, State.NOT_READY})
_OVER = frozenset({Code.EXAM_OVER, Code.UNKNOWN_SITTING, Code.UNKNOWN_EXAM, Code.NOT_PERMITTED})
"""With these the service takes nothing more of a sitting."""


class Open(msgspec.Struct):
    """The paper that lies open at this desk."""

    issue: str
    sheet: Sheet
    deadline_ms: int
    heard_ms: int
    """When the service was heard of it last, by the machine's clock."""


class Exams:
    """`tell` is told whenever something changes. To be used from the event loop's thread."""

    def __init__(
        self,
        journal: ExamJournal,
        delivery: ExamDelivery,
        desk: Desk,
        standing: Standing,
        clock: Clock,
        reachable: Callable[[], bool],
        tell: Callable[[DeskExams], None],
    ) -> None:
        self._journal = journal
        self._delivery = delivery
        self._desk = desk
        self._standing = standing
        self._clock = clock
        self._reachable = reachable
        self._tell = tell
        self._own = OwnExams()
        self._open: Open | None = None
        self._over: SittingRow | None = None
        self._ended = ""
        self._lacking = 0
        self._shown = DeskExams(self._own)
        self._woken = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def present(self) -> DeskExams:
        """What whoever watches is told."""
        return self._shown

    def _present(self) -> DeskExams:
        if self._open is None:
            return DeskExams(self._own, None, self._lacking, None, self._over, self._ended)
        sitting = self._open.sheet.sitting
        return DeskExams(
            self._own,
            self._journal.sheet(sitting),
            self._journal.unsaved_count(sitting),
            self._open.deadline_ms,
        )

    def take(self, own: OwnExams) -> None:
        """The service tells what there is to sit."""
        self._own = own
        self._show()

    def signed_off(self) -> None:
        """The person has signed out. What was answered stays on the disk, to be sent and gone on
        with."""
        self._own, self._open = OwnExams(), None
        self._over, self._ended, self._lacking = None, "", 0
        self._show()

    def wake(self) -> None:
        """The link has changed, or there is something to send."""
        self._woken.set()

    def close(self) -> None:
        """Let the disk go."""
        self._journal.close()

    async def begin(self, issue: str) -> None:
        """Begin or go on: first the state, then the paper. Raises `Refused`."""
        async with self._one_at_a_time:
            if self._open is not None and self._open.issue == issue:
                return
            self._check_window(issue)
            kept = self._journal.of_issue(issue)
            alone = not self._reachable()
            if alone and (kept is None or kept.elsewhere or self._past(kept.deadline_ms)):
                raise Refused(Code.SERVICE_UNREACHABLE, server="")
            self._make_not_routable()
            try:
                sheet = await self._sheet(issue, kept if alone else None)
            except BaseException:
                self._close_paper()
                raise
            self._open = Open(issue, sheet, sheet.deadline_ms, self._clock.monotonic())
            self._over, self._ended, self._lacking = None, "", 0
        self.wake()
        self._show()

    def answer(self, question: str, answer: tuple[str, ...]) -> None:
        """Keep an answer on this disk, and send it. Raises `Refused`."""
        sheet = self._sitting().sheet
        asked = next((each for each in sheet.questions if each.question == question), None)
        if asked is None:
            raise Refused(Code.UNKNOWN_QUESTION)
        if not _is_answer(asked, answer):
            raise Refused(Code.BAD_ANSWER)
        self._journal.answer(sheet.sitting, question, answer)
        self._standing.sign_of_life()
        self.wake()
        self._show()

    def leave_focus(self) -> None:
        """Something else was looked at: noted, and told with the next answers."""
        if self._open is not None:
            self._journal.left_focus(self._open.sheet.sitting)

    async def hand_in(self) -> None:
        """Submit it. Raises `Refused`; the answers stay on this disk then."""
        async with self._one_at_a_time:
            kept = self._need(self._sitting().sheet.sitting)
            try:
                row = await self._delivery.submit(kept)
            except Refused as refused:
                await self._perhaps_over(kept, refused.code)
                if self._over is None:
                    raise
            else:
                self._ends(kept.sitting, row)

    async def deliver(self) -> None:
        """Send what is to be sent, for ever."""
        while True:
            self._woken.clear()
            async with self._one_at_a_time:
                await self._deliver()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._woken.wait()

    async def _deliver(self) -> None:
        open_ = self._open
        if open_ is not None:
            kept = self._need(open_.sheet.sitting)
            if self._past(open_.deadline_ms):
                await self._time_is_up(kept)
            elif self._reachable() and self._is_due(open_):
                await self._save(kept)
        for each in self._journal.waiting() if self._reachable() else ():
            if self._open is None or each.sitting != self._open.sheet.sitting:
                await self._save(each)

    async def _save(self, kept: Kept) -> None:
        try:
            saved = await self._delivery.save(kept)
        except Refused as refused:
            await self._perhaps_over(kept, refused.code)
            return
        if self._open is not None and self._open.sheet.sitting == kept.sitting:
            self._open.deadline_ms = saved.deadline_ms
            self._open.heard_ms = self._clock.monotonic()
            self._show()

    def _is_due(self, open_: Open) -> bool:
        """Whether there is something to send, or the time to ask how long there is."""
        quiet_ms = self._clock.monotonic() - open_.heard_ms
        return quiet_ms >= SAVE_EVERY_S * 1000 or bool(self._journal.unsaved(open_.sheet.sitting))

    async def _time_is_up(self, kept: Kept) -> None:
        """The rest goes along as far as it is taken; then it is over here, whoever hands it in."""
        try:
            row = await self._delivery.submit(kept)
        except Refused as refused:
            await self._perhaps_over(kept, refused.code)
            if self._open is not None and self._past(self._open.deadline_ms, SUBMIT_GRACE_S):
                self._ends(kept.sitting, None, Code.EXAM_OVER)
        else:
            self._ends(kept.sitting, row)

    async def _perhaps_over(self, kept: Kept, code: str) -> None:
        """What a refusal of the service means for a sitting."""
        if code == Code.NOT_YOUR_TURN:
            self._ends(kept.sitting, None, code)
            self._journal.goes_on_elsewhere(kept.sitting)
        elif code in _OVER:
            row = None
            with contextlib.suppress(Refused):
                row = await self._delivery.result(kept.sitting)
            self._ends(kept.sitting, row, code)
            self._journal.forget(kept.sitting)
        else:
            _log.info("answers wait on this disk: %s", code)

    def _ends(self, sitting: str, row: SittingRow | None, code: str = "") -> None:
        """Nothing more is answered here. The state stays until the agent chooses another. What was
        not sent stays on the disk where nobody has said that it is over."""
        lacking = self._journal.unsaved_count(sitting) if code else 0
        if lacking:
            _log.warning("%d answers were not taken by the service: %s", lacking, code)
        if row is not None:
            self._journal.forget(sitting)
        if self._open is None or self._open.sheet.sitting != sitting:
            return
        self._over, self._ended, self._lacking = row, "" if row is not None else code, lacking
        self._close_paper()
        self._show()

    def _close_paper(self) -> None:
        self._open = None
        self._standing.happened(lambda at: self._standing.take(at, Happening(Trigger.EXAM_LEFT)))

    async def _sheet(self, issue: str, alone: Kept | None) -> Sheet:
        """From the service; or, where that is away, as this desk has it."""
        if alone is not None:
            sheet = self._journal.sheet(alone.sitting)
            return msgspec.structs.replace(sheet, deadline_ms=alone.deadline_ms)
        sheet = await self._delivery.start(issue)
        if self._standing.agent.state is State.LOGGED_OFF:
            raise Refused(Refusal.NOT_SIGNED_IN)
        self._journal.begin(issue, sheet, sheet.now_ms)
        return sheet

    def _make_not_routable(self) -> None:
        """From here on no call comes."""
        now = self._standing.agent
        if now.state is State.LOGGED_OFF:
            raise Refused(Refusal.NOT_SIGNED_IN)
        if now.state not in _IDLE:
            raise Refused(Refusal.WRONG_STATE)
        if now.reason is not Reason.EXAM:
            self._desk.take_break(Reason.EXAM)
        self._standing.ask(Happening(Trigger.EXAM_BEGUN))

    def _check_window(self, issue: str) -> None:
        """Nobody is taken out of the line for what can't begin yet."""
        row = next((each for each in self._own.open if each.issue == issue), None)
        now_ms = self._clock.now_ms()
        if row is not None and now_ms is not None and now_ms < row.start_ms:
            raise Refused(Code.OUTSIDE_WINDOW, start=row.start_ms, end=row.end_ms)

    def _sitting(self) -> Open:
        """What is open, and its time is not over. Raises `Refused`."""
        if self._open is None or self._past(self._open.deadline_ms):
            raise Refused(Code.EXAM_OVER)
        return self._open

    def _need(self, sitting: str) -> Kept:
        kept = self._journal.of(sitting)
        if kept is None:
            raise Refused(Code.DISK_FAILED, detail="the sitting is not on this disk")
        return kept

    def _past(self, deadline_ms: int, grace_s: int = 0) -> bool:
        now_ms = self._clock.now_ms()
        return now_ms is None or now_ms >= deadline_ms + grace_s * 1000

    def _pause_s(self) -> float:
        """Until something is to be sent again, or the time is over."""
        now_ms = self._clock.now_ms()
        if self._open is None or now_ms is None:
            return SAVE_EVERY_S
        left_s = (self._open.deadline_ms - now_ms) / 1000
        return max(AGAIN_S, min(SAVE_EVERY_S, left_s))

    def _show(self) -> None:
        """A disk that does not say what is on it shows nothing; it is asked again."""
        try:
            self._shown = self._present()
        except Refused as refused:
            _log.error("what lies open could not be read: %s", refused)
            return
        self._tell(self._shown)


def _is_answer(asked: SheetQuestion, answer: tuple[str, ...]) -> bool:
    return fits(asked.type, asked.names, answer, MAX_ANSWER)
