"""A curve in one line of text."""

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = "_.,-=+*#"


def sparkline(values: Sequence[float], width: int = 16, encoding: str = "utf-8") -> str:
    """The course of some values between the lowest and the highest of all; the latest is on the right.

    Args:
        values: any number; where there are more than `width`, evenly chosen ones are shown, the last always.
        width: characters at most.
        encoding: of the terminal; one without block characters gets plain ones.
    """
    if not values:
        return ""
    count = min(width, len(values))
    places = [round(index * (len(values) - 1) / max(count - 1, 1)) for index in range(count)]
    shown = [values[place] for place in places] if count > 1 else [values[-1]]
    low, span = min(values), (max(values) - min(values)) or 1.0
    marks = BLOCKS if _can_write(BLOCKS, encoding) else PLAIN
    return "".join(marks[round((value - low) / span * (len(marks) - 1))] for value in shown)


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
