"""A program of its own that looks for the sound devices: the library talks to the screen meanwhile.

Prints one JSON object: `library` (whether PortAudio could be loaded), `input` and `output` (the
names of the system's default devices, empty where there are none).
"""

import json
import sys


def main() -> None:
    """Look and tell."""
    try:
        import sounddevice  # noqa: PLC0415 - raises OSError where PortAudio is missing
    except (ImportError, OSError) as error:
        _tell(library=False, detail=str(error))
        return
    names = {}
    for kind in ("input", "output"):
        try:
            names[kind] = str(sounddevice.query_devices(kind=kind)["name"])
        except (sounddevice.PortAudioError, ValueError):
            names[kind] = ""
    _tell(library=True, **names)


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
