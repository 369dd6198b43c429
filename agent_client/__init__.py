"""The desk: the phone, the seat that must not die, and the terminal that people see."""

from importlib.metadata import PackageNotFoundError, version

try:
    CLIENT = f"seatline {version('seatline')}"
except PackageNotFoundError:  # run from a folder that was never installed
    CLIENT = "seatline"
