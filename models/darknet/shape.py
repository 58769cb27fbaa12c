"""The size of a map while a network is being planned."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Channels, height and width of a map at the .cfg's own input size.

    ``stride`` is input pixels per cell; 0 once the map is pooled to one value per channel.
    """

    channels: int
    height: int
    width: int
    stride: int

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.height, self.width
