"""Makes hand sprites: draws pose, clothing and things, renders them, and records what is visible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..covers.cloth import cloth, plain_colour
from ..covers.material import Material
from ..scene.random_face import random_light
from ..settings import GAMMA
from .bones import FINGERS, about, bone, elbow
from .entry import Arm, Entry, make_entry
from .held import held
from .mesh import ArmMesh, ArmShape
from .poses import PAIRED, POSES, draw_angles, draw_pose, draw_view
from .render import draw
from .shapes import Held, lathe
from .surface import SkinMaps, skin_albedo, skin_maps, skin_tone, sleeve
from .view import CLOTH, PIXELS_PER_MM, SKIN, THING, WIDTH, Scene, Surface

_SHAPES = 96


class Studio:
    """Makes sprites; a sprite depends on the seed and its index only."""

    def __init__(self, seed: int, textures: list[np.ndarray]) -> None:
        self._seed, self._material = seed, Material(textures=textures)
        self._mesh = ArmMesh()
        shapes = self._mesh.shapes(np.random.default_rng([seed]), _SHAPES)
        self._people: list[tuple[ArmShape, SkinMaps]] = [(shape, skin_maps(self._mesh, shape)) for shape in shapes]

    def make(self, index: int) -> tuple[np.ndarray, Entry]:
        """Make a sprite: straight RGBA uint8, cropped to its opaque pixels, and its entry."""
        for attempt in range(8):
            made = self._try(np.random.default_rng([self._seed, index, attempt]))
            if made is not None:
                return made
        raise ValueError(f"sprite {index} shows almost nothing in eight attempts")

    def _try(self, rng: np.random.Generator) -> tuple[np.ndarray, Entry] | None:
        paired = rng.random() < 0.07
        name = draw_pose(rng, PAIRED if paired else None)
        tone = skin_tone(rng)
        light = random_light(rng, float(tone.mean()))
        directions = rng.normal(0, 1, (12, 3)) * np.geomspace(0.06, 0.9, 12)[:, None]
        noise = np.concatenate([directions, rng.uniform(0, 2 * np.pi, (12, 1))], 1)
        grain = (rng.uniform(0.015, 0.06), rng.uniform(0.03, 0.16))
        person = self._people[rng.integers(len(self._people))]
        dress = _Dress.draw(rng, self._material)
        arm = self._arm(rng, name, person, tone, dress)
        surfaces, carries = arm.surfaces, arm.carries
        if paired:
            other = self._arm(rng, name, person, tone, dress, bare=True, view=arm.view)
            surfaces = surfaces + mirrored(rng, other.surfaces)
        middle = np.mean([arm.points["palm"], arm.points["tips"].mean(0)], 0)
        distance = rng.uniform(380, 900)
        k = PIXELS_PER_MM * distance / (distance - middle[2])
        aside = 0.0 if not paired else np.mean([s.vertices[:, 0].mean() for s in surfaces if s.kind == SKIN])
        origin = (WIDTH / 2 - k * (aside if paired else middle[0]), 118 + k * middle[1])
        scene = Scene(surfaces, light, distance, origin, noise, grain)
        drawn = draw(rng, scene)
        return make_entry(rng, drawn, scene, arm, carries, name, tone, 2 if paired else 1)

    def _arm(self, rng: np.random.Generator, name: str, person: tuple[ArmShape, SkinMaps], tone: np.ndarray,
             dress: _Dress, *, bare: bool = False, view: tuple | None = None) -> Arm:  # fmt: skip
        pose = POSES[name]
        shape, maps = person
        vertices, heads, tails = self._mesh.pose(shape, draw_angles(rng, pose))
        carries = pose.carries[rng.integers(len(pose.carries))] if pose.carries and not bare else ""
        turn, tilt = draw_view(rng, pose) if view is None else (v + rng.normal(0, 8) for v in view)
        rotation = about([1, 0, 0], np.radians(tilt)) @ about([0, 1, 0], np.radians(turn))
        rotation = upright(rotation, elbow(heads)) if view is None else rotation
        rotation = about([0, 0, 1], rng.normal(0, 0.1)) @ rotation
        surfaces = [Surface(SKIN, vertices, self._mesh.triangles, skin_albedo(rng, maps, tone), maps=maps,
                            gloss=rng.uniform(0, 0.35))]  # fmt: skip
        if dress.cuff < 260:
            mesh = sleeve(rng, vertices, heads, np.zeros(3), dress.cuff, dress.colour)
            surfaces.append(_surface(CLOTH, mesh, dress.surface))
        if dress.band:
            mesh = _band(rng, vertices, heads, dress)
            surfaces.append(_surface(THING, mesh, None))
        if carries:
            mesh = held(rng, carries, heads, tails, (plain_colour(rng) / 255) ** GAMMA)
            surface = _linear(cloth(rng, self._material)) if mesh.textured else None
            surfaces.append(_surface(THING, mesh, surface))
        for surface in surfaces:
            surface.vertices = (surface.vertices @ rotation.T).astype(np.float32)
        chain = [bone(f, 3) for f in range(1, FINGERS + 1)]
        points = {"tips": tails[chain], "knuckles": heads[[bone(f, 1) for f in range(2, 6)]],
                  "palm": np.mean([heads[bone(3, 1)], [0, 0, 0]], 0), "wrist": np.zeros(3),
                  "elbow": elbow(heads)}  # fmt: skip
        points = {key: value @ rotation.T for key, value in points.items()}
        return Arm(surfaces, points, carries, (turn, tilt))


@dataclass(frozen=True)
class _Dress:
    """Clothing: a sleeve from `cuff` mm behind the wrist (none beyond 260), and a watch or bracelet with `band`."""

    cuff: float
    colour: np.ndarray
    surface: np.ndarray
    band: bool

    @classmethod
    def draw(cls, rng: np.random.Generator, material: Material) -> _Dress:
        surface = _linear(cloth(rng, material, folds=0.12))
        cuff = 1000.0 if rng.random() < 0.3 else rng.choice([rng.uniform(-8, 30), rng.uniform(30, 200)])
        return cls(float(cuff), surface.reshape(-1, 3).mean(0), surface, bool(cuff > 45 and rng.random() < 0.15))


def upright(rotation: np.ndarray, toward_elbow: np.ndarray) -> np.ndarray:
    """Rotate a view in the picture plane so that the forearm points down, or the hand when the arm is hidden."""
    arm = rotation @ toward_elbow
    down = arm[:2] / max(np.linalg.norm(toward_elbow), 1e-6) * 2 - (rotation @ [0, 1, 0])[:2] * 0.6
    angle = np.arctan2(down[0], -down[1])
    return about([0, 0, 1], -angle) @ rotation


def mirrored(rng: np.random.Generator, surfaces: list[Surface]) -> list[Surface]:
    """Make the other hand: the mirror image, shifted to the side and rotated slightly. Changes `surfaces`."""
    aside = rng.uniform(-20, 35) if rng.random() < 0.5 else rng.uniform(50, 140)
    shift = np.array([2 * aside, rng.normal(0, 12), rng.normal(0, 14)])
    turn = about([0, 0, 1], rng.normal(0.1, 0.15))
    for surface in surfaces:
        flipped = surface.vertices * np.array([-1, 1, 1], np.float32)
        surface.vertices = (flipped @ turn.T + shift).astype(np.float32)
        surface.triangles = np.ascontiguousarray(surface.triangles[:, ::-1])
    return surfaces


def _band(rng: np.random.Generator, vertices: np.ndarray, heads: np.ndarray, dress: _Dress) -> Held:
    """Make a watch strap or bracelet around the wrist."""
    at, wide = rng.uniform(8, 25), rng.uniform(3, 22)
    along = elbow(heads) / np.linalg.norm(elbow(heads))
    ring = vertices[np.abs(vertices @ along - at) < 9]
    middle = 0.5 * (ring.min(0) + ring.max(0))
    middle = middle - along * (middle @ along)
    off = ring - middle
    radius = np.linalg.norm(off - np.outer(off @ along, along), axis=1).max() + 1.5
    colour = (plain_colour(rng) / 255) ** GAMMA
    flat = float(np.clip(np.ptp(ring[:, 2]) / max(np.ptp(ring[:, 0]), 1), 0.7, 1))
    profile = np.array([[at, radius], [at + wide, radius * 1.03]])
    return lathe(profile, middle, along, colour, gloss=0.6, flat=flat)


def _surface(kind: int, mesh: Held, surface: np.ndarray | None) -> Surface:
    return Surface(kind, mesh.vertices, mesh.triangles, mesh.albedo, mesh.uv, surface, gloss=mesh.gloss)


def _linear(picture: np.ndarray) -> np.ndarray:
    return ((picture / 255) ** GAMMA).astype(np.float32)
