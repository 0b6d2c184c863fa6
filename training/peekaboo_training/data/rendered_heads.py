"""Rendered heads, whose identity, expression, albedo and light are known exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch

from ..covers.cloth import cloth, plain_colour, smooth_noise
from ..covers.material import Material
from ..face_model.format import FaceModel
from ..scene.camera import Pose, encode_pose, project_pose
from ..scene.random_face import random_albedo, random_expression, random_identity, random_light, random_rotation
from ..scene.rasterise import FAR, draw_triangles, lit_colours, vertex_normals
from ..settings import CROP_SIZE, GAMMA, LIGHT_BASE
from . import skull
from .jitter import any_error, crop_matrix, miss, place_head
from .store import FaceStore

_SUPERSAMPLING = 2
_FACE_PART = 0


@dataclass(frozen=True)
class HeadParameters:
    """Coefficients of a head: identity (80,), expression (52,), albedo (10,), light (27,), and its pose in crop px."""

    identity: np.ndarray
    expression: np.ndarray
    albedo: np.ndarray
    light: np.ndarray
    pose: Pose
    spectacles = False

    def labels(self) -> dict[str, np.ndarray]:
        """Give the fields of a training sample."""
        return {"identity": self.identity, "expression": self.expression, "pose": encode_pose(self.pose).numpy(),
                "albedo": self.albedo, "light": self.light, "true_colour": np.float32(1)}  # fmt: skip


@dataclass(frozen=True)
class Rendered:
    """A picture (S, S, 3) float32 0..255 and the points (478, 3), crop px; shares of each pixel (S, S), 0..1: covered
    by the head, showing hair (`own`), and for which that is known (`own_known`)."""

    picture: np.ndarray
    coverage: np.ndarray
    points: np.ndarray
    own: np.ndarray
    own_known: np.ndarray


class HeadRenderer:
    """Renders heads of one face model."""

    def __init__(self, model: FaceModel) -> None:
        self._model = model
        self._origin = torch.tensor(model.origin, dtype=torch.float32)
        self._triangles = model.triangles.astype(np.int64)
        basis = np.concatenate([model.identity_basis, model.expression_basis]).reshape(132, -1)
        self._basis = torch.tensor(basis.T.copy(), dtype=torch.float32)
        self._log_albedo = torch.tensor(model.albedo_basis.reshape(10, -1).T.copy(), dtype=torch.float32)
        self._face = model.part == _FACE_PART

    def vertices(self, identity: np.ndarray, expression: np.ndarray) -> np.ndarray:
        """Give the model's vertices (V, 3) in mm."""
        weights = torch.from_numpy(np.concatenate([identity, expression]).astype(np.float32))
        return self._model.mean + torch.mv(self._basis, weights).numpy().reshape(-1, 3)

    def albedo(self, coefficients: np.ndarray) -> np.ndarray:
        """Give the linear albedo (V, 3) of coefficients (10,)."""
        change = torch.mv(self._log_albedo, torch.from_numpy(coefficients.astype(np.float32))).exp()
        return self._model.albedo_mean * change.numpy().reshape(-1, 3)

    def place(self, vertices: np.ndarray, rotation: np.ndarray, error: np.ndarray) -> Pose:
        """Give the pose of a head with `rotation` (3, 3) in its crop; `error` (2, 3) is a crop error, see jitter."""
        return place_head(self._model.mediapipe_points(vertices), self._model.origin, rotation, error)

    def draw(self, head: HeadParameters, vertices: np.ndarray, albedo: np.ndarray, background: np.ndarray,
             extras: list[skull.Prop], hair: skull.Prop | None = None) -> Rendered:  # fmt: skip
        """Render a head of vertices (V, 3) in mm and linear albedo (V, 3), `extras` and `hair`, over a picture."""
        size = CROP_SIZE * _SUPERSAMPLING
        picture = np.zeros((size, size, 3), np.float32)
        depth = np.full((size, size), FAR, np.float32)
        self._draw_mesh(vertices, self._triangles, albedo, head, picture, depth, cull=False)
        for extra in extras:
            self._draw_mesh(extra.vertices, extra.triangles, extra.albedo, head, picture, depth, cull=True)
        before = depth.copy()
        if hair is not None:
            self._draw_mesh(hair.vertices, hair.triangles, hair.albedo, head, picture, depth, cull=True)
        own = cv2.resize((depth < before).astype(np.float32), (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA)
        covered = cv2.resize((depth < FAR).astype(np.float32), (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(picture, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA) * np.float32(255)
        picture = picture + background * (1 - covered[..., None])
        points = self._project(self._model.mediapipe_points(vertices), head.pose)
        return Rendered(picture, covered, points.astype(np.float32), own, np.ones_like(own))

    def stubble(self, rng: np.random.Generator) -> np.ndarray:
        """Draw factors (V, 1) on the albedo that darken chin, jaw and upper lip like stubble."""
        lips, jaw = self._region("mouth"), self._region("jaw")
        strength = np.clip(jaw + 0.4 * lips, 0, 1) * self._face * rng.uniform(0.2, 0.9)
        return np.clip(1 - strength * rng.uniform(0.7, 1, len(strength)), 0.08, 1).astype(np.float32)[:, None]

    def skin(self, albedo: np.ndarray) -> np.ndarray:
        """Give the median (3,) of the face's linear albedo (V, 3)."""
        return np.median(albedo[self._face], 0)

    def _region(self, name: str) -> np.ndarray:
        return self._model.region_weights[self._model.region_names.index(name)]

    def _project(self, vertices: np.ndarray, pose: Pose) -> np.ndarray:
        return project_pose(torch.from_numpy(np.ascontiguousarray(vertices, np.float32)), pose, self._origin).numpy()

    def _draw_mesh(self, vertices: np.ndarray, triangles: np.ndarray, albedo: np.ndarray, head: HeadParameters,
                   picture: np.ndarray, depth: np.ndarray, cull: bool) -> None:  # fmt: skip
        normals = vertex_normals(np.ascontiguousarray(vertices, np.float32), triangles)
        normals = np.ascontiguousarray(normals @ head.pose.rotation.numpy().T)
        light = np.ascontiguousarray(head.light.reshape(3, 9), np.float32)
        colours = lit_colours(np.ascontiguousarray(albedo, np.float32), normals, light, LIGHT_BASE, GAMMA)
        points = self._project(vertices, head.pose)
        points[:, :2] = points[:, :2] * _SUPERSAMPLING + (_SUPERSAMPLING - 1) / 2
        draw_triangles(points, triangles, colours, picture, depth, cull)


class RenderedHeads:
    """Renders random heads over parts of photographs and textures."""

    def __init__(self, model: FaceModel, store: FaceStore | None, material: Material) -> None:
        """`store`: photographs for backgrounds and expressions; None: generated backgrounds and expressions only."""
        self.renderer = HeadRenderer(model)
        self._store, self._material = store, material
        self._expressions = store.trusted_expressions() if store is not None else None

    def missed(self, rng: np.random.Generator) -> np.ndarray:
        """Render a crop (S, S, 3) float32 0..255 that misses the face."""
        return self.draw(rng, error=miss(rng))[1].picture

    def whole(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Render a crop (S, S, 3) float32 0..255 with a face in its centre, and its points (478, 3) in crop px."""
        rendered = self.draw(rng, error=crop_matrix(0, 1, np.zeros(2)))[1]
        return rendered.picture, rendered.points

    def draw(self, rng: np.random.Generator, like: HeadParameters | None = None, error: np.ndarray | None = None,
             ) -> tuple[HeadParameters, Rendered]:  # fmt: skip
        """Render a random head. `like`: reuse that head's identity and skin; `error` (2, 3): crop error, see jitter."""
        renderer = self.renderer
        identity, coefficients = (like.identity, like.albedo) if like else (random_identity(rng), random_albedo(rng))
        expression = random_expression(rng, self._expressions)
        vertices, albedo = renderer.vertices(identity, expression), renderer.albedo(coefficients)
        skin, width = renderer.skin(albedo), float(np.ptp(vertices[:, 0]))
        pose = renderer.place(vertices, random_rotation(rng), any_error(rng) if error is None else error)
        light = random_light(rng, float(skin.mean()))
        head = HeadParameters(identity, expression, coefficients, light, pose)
        extras = [skull.skull(width, skin), skull.neck(rng, width, skin, (plain_colour(rng) / 255) ** GAMMA)]
        hair = skull.hair(rng, width) if rng.random() < 0.85 else None
        if rng.random() < 0.2:
            albedo = albedo * renderer.stubble(rng)
        rendered = renderer.draw(head, vertices, albedo, self._background(rng), extras, hair)
        grain = 1 + smooth_noise(rng, 24, 0.025) + smooth_noise(rng, 60, 0.02)
        shaded = np.clip(rendered.picture * grain[..., None], 0, 255)
        return head, replace(rendered, picture=shaded)

    def _background(self, rng: np.random.Generator) -> np.ndarray:
        """Draw a background: a texture, or an enlarged part of a photograph beside the face."""
        if self._store is None or rng.random() < 0.4:
            return cloth(rng, self._material)
        picture = self._store.picture(int(rng.integers(len(self._store))))
        width, height = rng.integers(50, 90, 2)
        x = 0 if rng.random() < 0.5 else picture.shape[1] - width
        y = int(rng.integers(0, picture.shape[0] - height))
        part = picture[y : y + height, x : x + width]
        return cv2.resize(part, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC).astype(np.float32)
