"""Signing and locking a month of attendance: each says once what it means."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.attendance import MAX_REMARK, AttendanceMonth, LockMonth, SignMonth


class SignForm(Form):
    """Of what is shown: if it is another by now, nothing is signed."""

    NAMED = "attendance_month.title_sign"
    HINTS = (("⏎", "attendance_month.sign"), ("Esc", "dialog.close"))

    def __init__(self, told: AttendanceMonth) -> None:
        super().__init__()
        self._told = told

    def fields(self) -> Sequence[Widget]:
        """What the signer has to say of the month, if anything."""
        return (Field(id="remark", compact=True, max_length=MAX_REMARK),)

    def says(self, view: View) -> str:
        """What the signature means."""
        people = len({row.agent for row in self._told.rows})
        return view.words.text(
            "attendance_month.signs",
            month=self._told.month,
            team=shown(self._told.team) or "–",
            people=people,
        )

    def message(self) -> SignMonth:
        """With the digest of what is shown."""
        told = self._told
        return SignMonth(0, told.month, told.team, told.digest, self.value("remark"))


class LockForm(Form):
    """Of the whole site. It can't be taken back."""

    NAMED = "attendance_month.title_lock"
    HINTS = (("⏎", "attendance_month.lock"), ("Esc", "dialog.close"))

    def __init__(self, month: str) -> None:
        super().__init__()
        self._month = month

    def fields(self) -> Sequence[Widget]:
        """Nothing is to be entered."""
        return ()

    def says(self, view: View) -> str:
        """What will be final."""
        return view.words.text("attendance_month.locks", month=self._month)

    def message(self) -> LockMonth:
        """The month."""
        return LockMonth(0, self._month)
