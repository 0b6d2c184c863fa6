"""Training faces drawn from prepared portraits: random poses, expressions, light and backgrounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from ..covers.cloth import cloth
from ..covers.material import Material
from ..data.jitter import any_error, place_head
from ..data.own_maps import OwnMaps
from ..data.store import FaceStore
from ..face_model.format import FaceModel
from ..scene.camera import Pose, encode_pose
from ..scene.mirror import EXPRESSION_MIRROR, identity_mirror, mirror_points, mirror_rotation
from ..settings import CROP_SIZE
from .choose import Support, new_light, random_look, random_person, random_turn, rotation_of, support_of
from .draw import Drawn, PortraitRenderer, View
from .drawable import DrawablePortrait
from .pictures import LINEAR
from .portrait import load_portrait, portrait_path
from .surface import PortraitSurface

POOL_SIZE = 24
_DRAWS_PER_PORTRAIT = 3
"""How often a decoded portrait is drawn on average before another takes its place: decoding takes half a drawing."""
_RELIGHT_SHARE = 0.5
_OTHER_BACKGROUND, _SURFACE_BACKGROUND = 0.3, 0.15
_LENS_BLUR = (0.3, 0.7)


@dataclass(frozen=True)
class PortraitParameters:
    """What a portrait was drawn with: identity (80,), expression (52,), pose in crop px.

    `person` numbers people from 1; it is 0 where the identity is not exactly the portrait's. `drawn_identity` is the
    identity before the picture was mirrored.
    """

    source: DrawablePortrait
    drawn_identity: np.ndarray
    mirrored: bool
    identity: np.ndarray
    expression: np.ndarray
    pose: Pose
    person: int
    spectacles: bool

    def labels(self) -> dict[str, np.ndarray]:
        """Give the fields of a training sample. Albedo and light are unknown: only their ratio was fitted."""
        return {"identity": self.identity, "expression": self.expression, "pose": encode_pose(self.pose).numpy(),
                "person": np.int64(self.person)}  # fmt: skip


class PortraitFaces:
    """Draws the prepared portraits of a store's people."""

    def __init__(self, model: FaceModel, store: FaceStore, material: Material, folder: Path,
                 own_maps: OwnMaps | None = None) -> None:  # fmt: skip
        """Take the portraits under `folder` whose pictures are in `store`: held-back people are in no training store.

        Raises FileNotFoundError when none is prepared, ValueError when the store has no fits.
        """
        if store.fits is None:
            raise ValueError("portraits need fits: run the fit command first")
        usable = [k for k in range(len(store)) if store.trusted_row(k) is not None and not store.doubtful[k]]
        rows = [k for k in usable if portrait_path(folder, store.keys[k]).exists()]
        if not rows:
            raise FileNotFoundError(f"no prepared portraits in {folder}: run prepare-portraits first")
        self.keys = [store.keys[k] for k in rows]
        self.renderer = PortraitRenderer(PortraitSurface(model))
        self._origin, self._mirror, self._material = model.origin, identity_mirror(model), material
        self._folder, self._person, self._own_maps = folder, store.person[rows] + 1, own_maps
        self._cumulative = np.cumsum(store.sampling_weights()[rows])
        self._expressions = store.trusted_expressions()
        self._pool: list[tuple[DrawablePortrait, int]] = []

    def draw(self, rng: np.random.Generator, like: PortraitParameters | None = None
             ) -> tuple[PortraitParameters, Drawn]:  # fmt: skip
        """Draw a random portrait, mirrored in half of the cases, or another view of the same face."""
        if like:
            source, person, identity, mirrored = like.source, like.person, like.drawn_identity, like.mirrored
        else:
            source, person = self._next(rng)
            identity, mirrored = random_person(rng, source.portrait.identity), rng.random() < 0.5
            person *= np.array_equal(identity, source.portrait.identity)
        support = support_of(source.portrait)
        expression = random_look(rng, source.portrait, support, self._expressions)
        view = self._view(rng, source, support, identity, expression)
        drawn = self.renderer.draw(source, view, CROP_SIZE)
        drawn.picture[:] = cv2.GaussianBlur(drawn.picture, (0, 0), rng.uniform(*_LENS_BLUR))
        parameters = PortraitParameters(source, identity, False, identity, expression, view.pose, int(person),
                                        support.spectacles)  # fmt: skip
        return self._mirrored(parameters, drawn) if mirrored else (parameters, drawn)

    def _next(self, rng: np.random.Generator) -> tuple[DrawablePortrait, int]:
        """Take a portrait from the pool; now and then replace one of it."""
        while len(self._pool) < POOL_SIZE:
            self._pool.append(self._open(rng))
        place = int(rng.integers(POOL_SIZE))
        if rng.random() < 1 / _DRAWS_PER_PORTRAIT:
            self._pool[place] = self._open(rng)
        return self._pool[place]

    def _open(self, rng: np.random.Generator) -> tuple[DrawablePortrait, int]:
        at = rng.random() * self._cumulative[-1]
        row = min(int(np.searchsorted(self._cumulative, at)), len(self.keys) - 1)
        portrait = load_portrait(portrait_path(self._folder, self.keys[row]))
        labelled = self._own_maps.get(self.keys[row]) if self._own_maps else None
        own = labelled[0] * (labelled[1] > 0.1) if labelled else None
        return DrawablePortrait(self.renderer.surface, portrait, own), int(self._person[row])

    def _view(self, rng: np.random.Generator, source: DrawablePortrait, support: Support, identity: np.ndarray,
              expression: np.ndarray) -> View:  # fmt: skip
        rotation = rotation_of(*random_turn(rng, support))
        surface = self.renderer.surface
        points = surface.model.mediapipe_points(surface.vertices(identity, expression))
        pose = place_head(points, self._origin, rotation, any_error(rng))
        light = None
        if support.relight and rng.random() < _RELIGHT_SHARE:
            light = new_light(rng, float(source.skin.mean()))
        return View(identity, expression, rotation, pose, light, self._background(rng))

    def _background(self, rng: np.random.Generator) -> np.ndarray | None:
        """Give another background (H, W, 3), linear: another portrait's, a surface, or None for the portrait's own."""
        choice = rng.random()
        if choice < _OTHER_BACKGROUND:
            other, _ = self._pool[int(rng.integers(POOL_SIZE))]
            picture = cv2.GaussianBlur(other.background, (0, 0), rng.uniform(0.5, 3))
            return np.ascontiguousarray(picture[:, ::-1]) if rng.random() < 0.5 else picture
        if choice < _OTHER_BACKGROUND + _SURFACE_BACKGROUND:
            return LINEAR[np.clip(cloth(rng, self._material), 0, 255).astype(np.uint8)]
        return None

    def _mirrored(self, parameters: PortraitParameters, drawn: Drawn) -> tuple[PortraitParameters, Drawn]:
        """Mirror a drawn portrait; its identity becomes the mirrored face's, in the least-squares sense."""
        pose = parameters.pose
        rotation = torch.from_numpy(mirror_rotation(pose.rotation.numpy()))
        translation = torch.stack([CROP_SIZE - 1 - pose.translation[0], pose.translation[1]])
        identity = (self._mirror @ parameters.identity).astype(np.float32)
        changed = replace(parameters, mirrored=True, identity=identity, pose=Pose(rotation, translation, pose.scale),
                          expression=parameters.expression[EXPRESSION_MIRROR])  # fmt: skip
        points = mirror_points(drawn.points, CROP_SIZE)
        parts = (drawn.picture, drawn.skin, drawn.own, drawn.own_known)
        picture, *shares = (np.ascontiguousarray(part[:, ::-1]) for part in parts)
        return changed, Drawn(picture, points, *shares)
