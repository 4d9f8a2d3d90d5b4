"""Qdrant prints 32-bit floats in their shortest form; the engine hands them out as 64-bit ones."""

from array import array
from struct import Struct

_single = Struct("f")


def shortest(value: float) -> float:
    """The shortest decimal that is the same 32-bit float: 0.6100000143051147 becomes 0.61."""
    for digits in ("%.7g", "%.8g"):
        candidate = float(digits % value)
        try:
            if _single.unpack(_single.pack(candidate))[0] == value:
                return candidate
        except OverflowError:  # rounding up passed the largest 32-bit float
            continue
    return float("%.9g" % value)


def shortest_all(values: list) -> list:
    """`shortest` for a whole vector: seven digits are tried on all at once, since vectors are long."""
    try:
        candidates = list(map(float, ("%.7g " * len(values) % tuple(values)).split()))
        singles = array("f", candidates)
    except OverflowError:
        return [shortest(value) for value in values]
    return [
        candidate if single == value else _shortest_of_eight(value)
        for candidate, single, value in zip(candidates, singles, values)
    ]


def _shortest_of_eight(value: float) -> float:
    """For a value that needs more than seven digits."""
    candidate = float("%.8g" % value)
    try:
        exact = _single.unpack(_single.pack(candidate))[0] == value
    except OverflowError:
        exact = False
    return candidate if exact else float("%.9g" % value)
