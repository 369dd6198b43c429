"""The pictures of README.md and docs/, made from the running program: `make docs`.

Plays the demonstration in tmux, presses keys as a person would, and turns what the terminals show
into PNG: in English on dark, in Chinese on light. Needs tmux, rsvg-convert and a font with Chinese;
nothing else of the project does. Without arguments both languages; else those that are named.

What a key leads to is waited for where a sign of it shows. The pauses beside that are part of the
play: a call lasts some seconds, a person stops between two fields, a screen comes to rest before it
is taken. Nothing is proved by a picture, and no test runs this.
"""

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from agent_client.terminal.floor_order import Order
from protocol.i18n import load
from tools.terminal_picture import DARK, LIGHT, Colours, Terminal, end, wait

PROJECT = Path(__file__).resolve().parents[1]
PICTURES = PROJECT / "docs" / "pictures"
CALLS_MOST = 25
CALLED_BEFORE = re.compile(r"(Earlier calls|历史通话)[:：] ?[2-9]")


class Scene(NamedTuple):
    """One language's run."""

    language: str
    colours: Colours
    note: str
    """What the agent writes of a call."""
    reason: str
    """Why the lead takes somebody out of the line."""

    def file(self, name: str) -> Path:
        """Where a picture is kept."""
        return PICTURES / f"{name}.{self.language}.png"


SCENES = (
    Scene(
        "en",
        DARK,
        "Order 4711 was to come on Friday; the depot looks for it and the customer hears from us.",
        "Please come to the morning round",
    ),
    Scene("zh_CN", LIGHT, "订单 4711 周五应到未到，已请仓库核查，约定回电告知结果。", "请参加早会"),
)


class Play:
    """One run of the demonstration with its terminals."""

    def __init__(self, scene: Scene, server: str, folder: Path) -> None:
        self._scene = scene
        self._server = server
        self._folder = folder
        self._agent = self._demo("agent")

    def all(self) -> None:
        """Every picture, in the order in which a shift gives them."""
        self._agent.wait("F5 ")
        self._look(self._agent)
        self._until_called_again()
        self._take("desk-ringing", self._agent)
        self._talk()
        self._take("desk-talk", self._agent)
        self._wrap_up()
        self._calls()
        self._lead()
        self._doctor()
        self._sign_in()

    def _until_called_again(self) -> None:
        """Work until somebody calls whose earlier calls show."""
        self._agent.press("F5")
        for _ in range(CALLS_MOST):
            self._agent.wait("F2 ")
            time.sleep(1.5)
            if CALLED_BEFORE.search(self._agent.text()):
                return
            self._talk()
            self._agent.press("F4")
            self._agent.wait("F8 ")
            self._agent.press("F8", "F8")
            self._agent.wait("F9 ")
        raise TimeoutError("a customer who calls again")

    def _talk(self) -> None:
        self._agent.press("F2")
        self._agent.wait("F3 ")
        time.sleep(4)

    def _wrap_up(self) -> None:
        agent = self._agent
        if "F4 " in agent.text():
            agent.press("F4")
        agent.wait("F8 ")
        agent.press("w")
        agent.wait("+30m")
        for text, key in (
            ("", "Enter"),
            ("", "Enter"),
            ("", "Enter"),
            ("", "Tab"),
            ("+30m", "Tab"),
        ):
            time.sleep(1)
            agent.type(text)
            agent.press(key)
        time.sleep(0.5)
        agent.type(self._scene.note)
        agent.wait(self._scene.note[-6:])
        time.sleep(4)
        self._take("wrap-up", agent)
        agent.press("Escape")

    def _calls(self) -> None:
        """Between calls: a break is chosen, and the calls of the day."""
        time.sleep(1)
        self._agent.press("F6")
        self._agent.wait("Esc ")
        self._take("break", self._agent)
        self._agent.press("Enter")
        self._agent.wait("F5 ")
        self._agent.press("c")
        time.sleep(2)
        self._take("calls", self._agent)
        self._agent.press("Escape")

    def _lead(self) -> None:
        """A colleague is taken out of the line; then the floor, with somebody who needs help on
        top: the agent misses a call meanwhile."""
        self._agent.press("F5")
        lead = self._demo("lead", "--supervise")
        lead.wait("1002")
        self._look(lead)
        for key in ("o", "Down", "Down", "n"):
            lead.press(key)
            time.sleep(1)
        self._take("asking", lead)
        lead.type(self._scene.reason)
        lead.press("Enter")
        self._agent.wait(load(self._scene.language).text("reason.NO_ANSWER"))
        for _ in range(len(Order) - 1):
            lead.press("o")
            time.sleep(1)
        time.sleep(5)
        self._take("floor", lead)
        lead.press("Enter")
        lead.wait("Esc ")
        time.sleep(2)
        self._take("person", lead)

    def _doctor(self) -> None:
        running = json.loads((self._folder / "demo.json").read_text())
        settings = {
            "SEATLINE_LANG": self._scene.language,
            "SEATLINE_SERVER": running["server"],
            "SEATLINE_CLIENT_DATA": str(self._folder / "desks" / "1001"),
            "SEATLINE_RUNTIME": str(self._folder / "run"),
            "SEATLINE_AGENT": "1001",
        }
        words = tuple(f"{name}={value}" for name, value in settings.items())
        told = (
            "-c",
            "printf '$ agent-client doctor\\n'; \"$0\" -m agent_client.cli doctor; read x",
        )
        shell = Terminal(
            self._server,
            "doctor",
            PROJECT,
            ("env", "COLORTERM=truecolor", *words, "sh", *told, sys.executable),
        )
        shell.wait("1001")
        time.sleep(1)
        self._take("doctor", shell)
        shell.press("Enter")

    def _sign_in(self) -> None:
        """Signing out: what is still open is asked about first."""
        agent = self._agent
        agent.press("C-o")
        time.sleep(1.5)
        if "F5 " not in agent.text() or "Esc " in agent.text():
            agent.press("Down", "Enter")
        wait(lambda: "F6 " not in agent.text(), "the sign-in screen")
        self._take("sign-in", agent)

    def _demo(self, name: str, *flags: str) -> Terminal:
        language = f"SEATLINE_LANG={self._scene.language}"
        command = ("env", "COLORTERM=truecolor", language, sys.executable)
        return Terminal(self._server, name, PROJECT, (*command, "-m", "agent_client.demo", *flags))

    def _look(self, terminal: Terminal) -> None:
        """The colours of this run: the program begins dark."""
        if self._scene.colours is LIGHT:
            terminal.press("C-t")
            time.sleep(0.5)

    def _take(self, name: str, terminal: Terminal) -> None:
        """Save what shows, once it is painted whole."""
        terminal.wait("F12 ", "agent-client")
        time.sleep(0.7)
        print(f"{name}.{self._scene.language}", flush=True)
        terminal.picture(self._scene.file(name), self._scene.colours)


def main() -> None:
    """Play every run and save its pictures."""
    wanted = sys.argv[1:] or [scene.language for scene in SCENES]
    for scene in SCENES:
        if scene.language in wanted:
            _run(scene)


def _run(scene: Scene) -> None:
    server = f"pictures-{os.getpid()}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        os.environ.update(SEATLINE_DEMO=str(folder), TZ="Asia/Shanghai")
        try:
            Play(scene, server, folder).all()
        finally:
            end(server)
            wait(lambda: not (folder / "demo.json").exists(), "the demonstration's end")


if __name__ == "__main__":
    main()
