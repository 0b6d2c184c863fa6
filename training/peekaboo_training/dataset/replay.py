"""Reuse of composed pictures: composing takes several times as long as simulating a camera."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..data.sample import Sample

_CAPACITY = 1500
"""Draws that are kept; about 0.4 GB."""


class Replay:
    """Gives composed draws, each `reuse` times on average, far apart."""

    def __init__(self, compose: Callable[[np.random.Generator], list[Sample]], reuse: float,
                 capacity: int = _CAPACITY) -> None:  # fmt: skip
        """`compose` makes a draw of one or two samples. Raises ValueError for a `reuse` below 1."""
        if reuse < 1:
            raise ValueError(f"reuse is {reuse}, it must be at least 1")
        self._compose, self._reuse, self._capacity = compose, reuse, capacity
        self._kept: list[list[Sample]] = []

    def draw(self, rng: np.random.Generator) -> list[Sample]:
        """Give a new draw with probability 1 / `reuse`, or while few are kept; otherwise a kept one."""
        if len(self._kept) == self._capacity and rng.random() >= 1 / self._reuse:
            return self._kept[int(rng.integers(self._capacity))]
        draw = self._compose(rng)
        if self._reuse > 1:
            self._keep(rng, draw)
        return draw

    def _keep(self, rng: np.random.Generator, draw: list[Sample]) -> None:
        if len(self._kept) < self._capacity:
            self._kept.append(draw)
        else:
            self._kept[int(rng.integers(self._capacity))] = draw
