"""Points as people write them: whole or half ones."""

from decimal import Decimal

from protocol.wire.errors import Code, Refused

_MOST = 1_000_000
_SHOWN = 32


def read_half_points(text: str) -> int:
    """Twice the points of `2`, `1.5`, `2.0000000`. Raises `Refused` with `bad_points`."""
    try:
        points = Decimal(text.strip())
        halves = points * 2
        if abs(points) <= _MOST and halves == int(halves):
            return int(halves)
    except (ArithmeticError, ValueError):
        pass
    raise Refused(Code.BAD_POINTS, text=text[:_SHOWN])


def written_points(half_points: int) -> str:
    """The points of so many halves."""
    return f"{half_points // 2}.5" if half_points % 2 else str(half_points // 2)
