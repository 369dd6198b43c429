"""Somebody who types commands, for the tests of the command line."""

import io

import pytest

from agent_service import cli


class Operator:
    """Somebody at the command line: exit code, standard output, standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *arguments: str, given: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = cli.run(arguments, {})
        out, err = self._capsys.readouterr()
        return code, out, err
