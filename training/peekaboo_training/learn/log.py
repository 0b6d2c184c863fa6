"""The log of a training run."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping

from ..network.checkpoint import Progress


class Log:
    """Collects numbers and prints their means every `every` steps, and after steps 1, 5 and 20."""

    def __init__(self, every: int):
        self.every, self.began = every, time.monotonic()
        self.values: dict[str, list[float]] = defaultdict(list)
        self.samples = 0

    def add(self, numbers: Mapping[str, float], samples: int) -> None:
        for name, value in numbers.items():
            self.values[name].append(value)
        self.samples += samples

    def show(self, progress: Progress) -> None:
        """Print a line if one is due."""
        if progress.step % self.every and progress.step not in (1, 5, 20):
            return
        speed = self.samples / (time.monotonic() - self.began)
        means = " ".join(f"{name} {sum(v) / len(v):.3f}" for name, v in self.values.items())
        print(f"{time.strftime('%H:%M:%S')} step {progress.step} samples {progress.samples} "
              f"{speed:.0f}/s {means}", flush=True)  # fmt: skip
        self.values.clear()
        self.samples, self.began = 0, time.monotonic()
