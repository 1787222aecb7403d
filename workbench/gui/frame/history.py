"""The way back and forward through pages and what was shown on them."""

from __future__ import annotations

_MOST = 100


class History:
    """Places in their order, such as `findings/3`, and where among them one stands."""

    def __init__(self) -> None:
        self._places: list[str] = []
        self._at = -1

    def clear(self) -> None:
        """Forget all."""
        self._places, self._at = [], -1

    def visit(self, place: str) -> None:
        """Go on to a place; what lay ahead is forgotten. The place one stands at is not noted twice."""
        if self.here == place:
            return
        self._places = [*self._places[: self._at + 1], place][-_MOST:]
        self._at = len(self._places) - 1

    def settle(self, place: str) -> None:
        """Say more exactly where one stands: `findings` becomes `findings/3`."""
        if self._at >= 0:
            self._places[self._at] = place

    @property
    def here(self) -> str:
        """Where one stands."""
        return self._places[self._at] if self._at >= 0 else ""

    def can(self, step: int) -> bool:
        """Whether there is a place that many steps on."""
        return 0 <= self._at + step < len(self._places)

    def walk(self, step: int) -> str:
        """Go that many steps on, and return the place; empty where there is none."""
        if not self.can(step):
            return ""
        self._at += step
        return self._places[self._at]
