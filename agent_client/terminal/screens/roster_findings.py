"""What a check of a roster found, the gravest first."""

from collections.abc import Callable, Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import fit
from agent_client.terminal.roster_words import finding_mark, finding_text
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.wire.roster import Finding, RosterChecked, Severity

_WHO = 12
_COLOURS = {Severity.REFUSE: "bold $error", Severity.WARN: "$warning"}


class RosterFindings(Dialog[Finding]):
    """Answers with the one whose day is to be shown."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    HINTS = (("↑↓", "palette.move"), ("⏎", "roster_findings.open"), ("Esc", "dialog.close"))

    def __init__(self, checked: RosterChecked, who: Callable[[str], str]) -> None:
        super().__init__()
        self._checked = checked
        self._who = who

    def compose_parts(self) -> ComposeResult:
        """How many of which, and each."""
        with Vertical(classes="dialog", id="roster-findings"):
            yield _Counts(self._checked)
            yield Choices(self._options)

    def show(self, view: View) -> None:
        """In the reader's language."""
        for choices in self.query(Choices):
            choices.display = bool(self._checked.findings)
        super().show(view)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.dismiss(self._checked.findings[event.option_index])

    def _options(self, words: Wording) -> Iterable[Option]:
        return [
            Option(finding_line(words, each, self._who(each.agent)))
            for each in self._checked.findings
        ]


def finding_line(words: Wording, each: Finding, who: str) -> Content:
    """Its mark, whose, which day, what."""
    weekday = words.text(f"weekday.{each.day.isoweekday()}")
    return Content.assemble(
        (f"{finding_mark(each.severity)} ", _COLOURS[each.severity]),
        f"{fit(who, _WHO)} {weekday} {each.day:%m-%d}  ",
        (finding_text(words, each), _COLOURS[each.severity]),
    )


def counts(words: Wording, checked: RosterChecked) -> Content:
    """How many refuse it, how many only warn, and how many are not told."""
    refused = sum(each.severity is Severity.REFUSE for each in checked.findings)
    warned = len(checked.findings) - refused
    if not checked.findings:
        return Content.styled(words.text("roster_findings.none"), "$success")
    parts = []
    if refused:
        text = words.text("roster_findings.refused", count=refused)
        parts.append(Content.styled(f"{finding_mark(Severity.REFUSE)} {text}", "bold $error"))
    if warned:
        text = words.text("roster_findings.warned", count=warned)
        parts.append(Content.styled(f"{finding_mark(Severity.WARN)} {text}", "bold $warning"))
    if checked.findings_left_off:
        count = checked.findings_left_off
        parts.append(Content(words.text("roster_findings.left_off", count=count)))
    return Content("   ").join(parts)


class _Counts(Line):
    def __init__(self, checked: RosterChecked) -> None:
        super().__init__(classes="question")
        self._checked = checked

    def paint(self, view: View) -> Content:
        title = view.words.text("roster_findings.title", count=self._checked.changes)
        return Content.assemble((title, "bold"), "\n", counts(view.words, self._checked))
