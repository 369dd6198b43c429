"""What the terminal, the seat, the phone and the floor service agree on, and nothing else."""

VERSION = 1
"""The version of the wire and of the facts; a peer says its own in `Hello`."""

OLDEST_VERSION = 1
"""The oldest version that this side still understands."""
