"""Shoulders in a sweater with a high collar: what hides where the head's mesh ends."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from .surface import Surface, surface, tube
from .warp import ease

AROUND, FINER = 56, 3
# Rings: up (mm from the eyes), half width, half depth, middle's depth. The collar from a floor inside it to its
# underside, the bust from within the collar to its underside.
COLLAR = np.array([
    [-107.0, 0.5, 0.5, -50.0], [-105.0, 33.5, 33.5, -50.0], [-99.0, 38.0, 37.0, -50.0], [-93.0, 43.5, 40.5, -51.0],
    [-89.5, 49.0, 44.0, -52.0], [-90.5, 55.5, 48.0, -53.0], [-95.5, 60.0, 51.5, -53.5], [-102.0, 61.5, 53.0, -53.5],
    [-110.0, 60.0, 52.0, -53.0], [-116.5, 55.0, 48.0, -52.0], [-120.5, 44.0, 39.0, -51.0], [-122.5, 0.5, 0.5, -51.0],
])  # fmt: skip
BUST = np.array([
    [-100.0, 40.0, 39.5, -51.0], [-108.0, 42.0, 41.0, -51.0], [-115.0, 49.0, 46.0, -52.0], [-118.0, 60.0, 49.0, -53.0],
    [-124.0, 75.0, 52.0, -54.0], [-133.0, 89.0, 55.0, -54.0], [-146.0, 98.5, 58.0, -53.0], [-160.0, 102.0, 60.0, -51.0],
    [-174.0, 101.0, 60.5, -49.0], [-183.0, 97.0, 58.0, -49.0], [-188.0, 89.0, 52.0, -49.0], [-190.0, 70.0, 38.0, -49.0],
    [-190.5, 2.0, 2.0, -49.0],
])  # fmt: skip
LOWER = 2.0  # mm that all of it lies lower
CHIN = 4.5  # mm that the neckline is lower below the chin
RISE = 29.0  # mm that the collar is higher beside and behind the jaw: in a person's place it hides their wider one
KNIT, TRIM, STRIPE = np.array([0.030, 0.185, 0.205]), np.array([0.04, 0.22, 0.235]), np.array([0.80, 0.47, 0.10])


def collar() -> Surface:
    """Goes with the neck."""
    return _turned(COLLAR, lambda y: TRIM, 0.012, RISE)


def bust() -> Surface:
    """Static: head and collar turn above it."""
    return _turned(BUST, _stripes, 0.0)


def _stripes(y: np.ndarray) -> np.ndarray:
    return np.where((np.abs(y + 146) < 5.5) | (np.abs(y + 163) < 3.0), STRIPE, KNIT)


def _turned(profile: np.ndarray, paint, ribs: float, rise: float = 0.0) -> Surface:
    """Rings around the upright axis.

    paint: height (…, 1) in mm -> linear colour; ribs: fraction of the radius; rise: how much higher the rim is off the
    front, mm.
    """
    fine = np.linspace(0, len(profile) - 1, FINER * (len(profile) - 1) + 1)
    y, wide, deep, middle = PchipInterpolator(np.arange(len(profile)), profile)(fine).T[:, :, None]
    turn = 2 * np.pi * np.arange(AROUND) / AROUND
    rib = 1 + ribs * np.cos(turn * AROUND / 2)
    # The neckline lies lower in front, and lowest where the chin comes when the jaw is wide open.
    front = 5.0 * np.cos(turn) + CHIN * np.exp(-((np.sin(turn / 2) / 0.24) ** 2))
    drop = LOWER + np.exp(-(((y + 104) / 20) ** 2)) * front
    drop = drop - rise * ease(y, -116.0, -94.0) * ease(np.cos(turn), 0.8, -0.35)
    drop = drop * np.minimum(wide / 30, 1)
    rings = np.stack([wide * np.sin(turn) * rib, y - drop, deep * np.cos(turn) * rib + middle], -1)
    colour = np.broadcast_to(paint(y[..., None]), rings.shape)
    triangles = tube(rings, closed_ends=False)[:, ::-1]
    return surface(rings.reshape(-1, 3), triangles, colour=colour.reshape(-1, 3))
