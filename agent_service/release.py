"""Which program this is."""

from importlib import metadata


def _version() -> str:
    try:
        return metadata.version("seatline")
    except metadata.PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"


VERSION = _version()
