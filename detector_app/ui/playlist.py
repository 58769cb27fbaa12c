"""Several inputs that were opened together: which one is shown, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Playlist:
    """Specs in order and the position of the present one."""

    specs: tuple[str, ...] = ()
    position: int = 0

    @property
    def current(self) -> str | None:
        """The present spec, or None when the list is empty."""
        return self.specs[self.position] if self.specs else None

    @property
    def has_next(self) -> bool:
        """Whether another one follows."""
        return self.position + 1 < len(self.specs)

    @property
    def has_previous(self) -> bool:
        """Whether another one came before."""
        return self.position > 0

    def moved(self, by: int) -> Playlist:
        """The same list at a position further by ``by``, clamped to its ends."""
        return replace(self, position=max(0, min(len(self.specs) - 1, self.position + by)))
