"""The colours that a person chose at this desk, kept for the next time."""

import contextlib
import logging
from pathlib import Path

from agent_client.terminal import theme

_log = logging.getLogger(__name__)


class KeptLook:
    """One person's choice, in a small file of their own. Without it nothing is lost but taste."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def theme_name(self, suited: str) -> str:
        """What was chosen, as far as this terminal can show it; else what suits it."""
        with contextlib.suppress(OSError, ValueError):
            chosen = self._file.read_text(encoding="utf-8").strip()
            if chosen in theme.THEMES and suited != theme.SIXTEEN:
                return chosen
        return suited

    def keep(self, theme_name: str) -> None:
        """Remember it."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file.write_text(f"{theme_name}\n", encoding="utf-8")
        except OSError as error:
            _log.warning("the colours could not be kept: %s", error)
