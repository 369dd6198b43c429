"""What the service told this seat of its person's training, kept on the disk: so that what was
begun is gone on with while the service is away."""

import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from agent_client.seat.place import SeatPlace, write_private
from protocol.facts.base import UNREADABLE
from protocol.wire.codec import MAX_FRAME_BYTES
from protocol.wire.training import OwnTraining, TrainingText

_log = logging.getLogger(__name__)
_Kept = TypeVar("_Kept", OwnTraining, TrainingText)


class TrainingCache:
    """The last `OwnTraining`, without what holds for a moment alone, and the text that was asked
    for last. Copies: the service has what they were made of."""

    def __init__(self, place: SeatPlace) -> None:
        self._own_file, self._text_file = place.training, place.training_text
        self.own = _read(self._own_file, OwnTraining) or OwnTraining()
        self.text = _read(self._text_file, TrainingText)

    def take(self, own: OwnTraining) -> None:
        """Where the disk refuses it, it holds until the seat ends."""
        lasting = msgspec.structs.replace(own, offer=None, recalled_by="", recalled_ms=None)
        if lasting != self.own:
            self.own = lasting
            _write(self._own_file, lasting)

    def take_text(self, text: TrainingText) -> None:
        """Likewise."""
        lasting = msgspec.structs.replace(text, re=0)
        if lasting != self.text:
            self.text = lasting
            _write(self._text_file, lasting)


def _write(file: Path, kept: OwnTraining | TrainingText) -> None:
    try:
        write_private(file, msgspec.json.encode(kept))
    except OSError as error:
        _log.error("what was told of training could not be kept: %s", error)


def _read(file: Path, kind: type[_Kept]) -> _Kept | None:
    try:
        if file.stat().st_size > MAX_FRAME_BYTES:
            raise msgspec.DecodeError("larger than anything the service tells")
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as error:
        _log.warning("what was kept of training could not be read: %s", error)
        return None
