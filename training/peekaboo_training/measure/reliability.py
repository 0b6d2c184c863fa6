"""Reliability of probabilities: predicted against true."""

from __future__ import annotations

import numpy as np

BINS = np.linspace(0, 1, 11)


def reliability(pairs: list[tuple[float, float]]) -> dict:
    """Compare pairs (predicted, true) in ten bins [mean predicted, mean true, count]; "gap" is their mean gap (ECE)."""
    said, true = np.array(pairs, float).T
    which = np.clip(np.digitize(said, BINS) - 1, 0, 9)
    bins = [[float(said[which == k].mean()), float(true[which == k].mean()), int((which == k).sum())]
            for k in range(10) if (which == k).any()]  # fmt: skip
    gap = sum(abs(s - t) * n for s, t, n in bins) / len(said)
    return {"gap": round(gap, 4), "bins": [[round(s, 3), round(t, 3), n] for s, t, n in bins]}
