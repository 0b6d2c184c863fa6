"""Draws a portrait with another pose, expression, light and background, and tells exactly where everything is.

Layers from back to front: background, back of the head, surroundings, a blurred copy of them where the turn stretches
them, the face mesh. All are lit by the ratio of the new light to the photograph's.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..face_model.format import PART_NAMES
from ..scene.camera import Pose
from ..scene.rasterise import FAR, vertex_normals
from ..settings import GAMMA
from .drawable import GRID_SHAPE, GRID_TRIANGLES, GRID_UV, DrawablePortrait
from .kernels import blend_triangles
from .light import shine
from .pictures import ramp
from .surface import EYES, FACE, TEETH, TONGUE, PortraitSurface, project

_SUPERSAMPLING = 2
_NECK_SHARE = 0.3
_PIVOT = np.array([0, -70, -110], np.float32)
"""Where the neck bends, mm from the origin in the head's axes."""
_MESH_AHEAD_MM = 6.0
_LINING_BEHIND_MM = 4.0
"""Nostrils reach through the wings of small noses: their lining is tested as if it lay further back."""
_FRONT_TAG, _BACK_TAG, _NOTHING = len(PART_NAMES), len(PART_NAMES) + 1, 255
_GRID_TEXTURED = np.ones(len(GRID_TRIANGLES), np.bool_)
_GRID_OPAQUE = np.ones(len(GRID_UV), np.float32)
_FRONT_TAGS = np.full(len(GRID_TRIANGLES), _FRONT_TAG, np.uint8)
_BACK_TAGS = np.full(len(GRID_TRIANGLES), _BACK_TAG, np.uint8)
_CATCH_LIGHT = np.array([1.2, -1.5])  # mm right and down of the pupil
_CATCH_SIZE_MM, _CATCH_STRENGTH = 0.55, 0.13


@dataclass(frozen=True)
class View:
    """How to draw a portrait.

    `rotation` (3, 3): the head in the axes of the upright picture; `pose`: the same head in the picture's px, which may
    be rolled against it. `light` (3, 9) in the upright picture's axes, None for the photograph's own; `background`
    (H, W, 3) linear, None for the portrait's own.
    """

    identity: np.ndarray
    expression: np.ndarray
    rotation: np.ndarray
    pose: Pose
    light: np.ndarray | None = None
    background: np.ndarray | None = None


@dataclass(frozen=True)
class Drawn:
    """A picture (S, S, 3) float32 0..255 and the points (478, 3) px; shares (S, S), 0..1, of each pixel: showing the
    face mesh (`skin`), the person's own hair or headwear (`own`), and for which that is known (`own_known`)."""

    picture: np.ndarray
    points: np.ndarray
    skin: np.ndarray
    own: np.ndarray
    own_known: np.ndarray


class _Canvas:
    """Linear picture, depth and tags at the supersampled resolution."""

    def __init__(self, background: np.ndarray) -> None:
        size = background.shape[0]
        self.picture = np.zeros((size, size, 4), np.float32)
        self.picture[..., :3] = background
        self.depth = np.full((size, size), FAR, np.float32)
        self.tags = np.full((size, size), _NOTHING, np.uint8)

    def blend(self, points, triangles, textured, uv, colours, opacity, texture, tags, bias, solid) -> None:
        """See `kernels.blend_triangles`."""
        blend_triangles(points, triangles, textured, uv, np.ascontiguousarray(colours, np.float32), opacity, texture,
                        tags, bias, solid, self.picture, self.depth, self.tags)  # fmt: skip


class PortraitRenderer:
    """Draws portraits that were prepared with one face model."""

    def __init__(self, surface: PortraitSurface) -> None:
        self.surface = surface
        tags = surface.part[surface.triangles[:, 0]].astype(np.uint8)
        seams = surface.seam & ~surface.lining

        def chosen(which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            return surface.triangles[which], surface.textured[which], tags[which]

        self._main, self._seam, self._lining = chosen(~surface.seam), chosen(seams), chosen(surface.lining)

    def points(self, vertices: np.ndarray, pose: Pose) -> np.ndarray:
        """Project the 478 points of vertices (V, 3) with a pose: (478, 3) px."""
        camera = (self.surface.model.mediapipe_points(vertices) - self.surface.origin) @ pose.rotation.numpy().T
        return project(camera.astype(np.float32), pose.translation.numpy(), float(pose.scale))

    def draw(self, person: DrawablePortrait, view: View, size: int) -> Drawn:
        """Draw a portrait at size x size px."""
        vertices = self.surface.vertices(view.identity, view.expression)
        fine = size * _SUPERSAMPLING
        gain = self._surroundings_gain(person, view)
        canvas = _Canvas(self._background(person, view, gain, fine))
        self._draw_surroundings(canvas, person, view, gain)
        self._draw_face(canvas, person, view, vertices)
        return Drawn(
            _to_picture(canvas.picture[..., :3], size), self.points(vertices, view.pose),
            _share(canvas.tags < _FRONT_TAG, size), _share(canvas.picture[..., 3], size),
            np.full((size, size), person.own_known, np.float32),
        )  # fmt: skip

    def _project(self, turned: np.ndarray, view: View) -> np.ndarray:
        """Project points (N, 3), axes of the upright picture, to px of the canvas."""
        roll = view.pose.rotation.numpy() @ view.rotation.T
        translation = view.pose.translation.numpy() * _SUPERSAMPLING + (_SUPERSAMPLING - 1) / 2
        return project((turned @ roll.T).astype(np.float32), translation, float(view.pose.scale) * _SUPERSAMPLING)

    def _surroundings_gain(self, person: DrawablePortrait, view: View) -> np.ndarray:
        """(G, 3) by how much the new light and turn brighten the surroundings."""
        light, limits = (person.portrait.light, (0.6, 1.8)) if view.light is None else (view.light, (0.2, 5.0))
        lit = shine(person.front_normals @ view.rotation.T, light)
        gain = np.clip(lit / person.photographed_light, *limits).reshape(*GRID_SHAPE, 3)
        return cv2.blur(gain, (11, 11)).reshape(-1, 3)

    def _background(self, person: DrawablePortrait, view: View, gain: np.ndarray, size: int) -> np.ndarray:
        if view.background is not None:
            return cv2.resize(view.background, (size, size), interpolation=cv2.INTER_LINEAR)
        own = person.background if view.light is None else person.background * np.median(gain, 0)
        matrix = self._background_matrix(person, view)
        return cv2.warpAffine(own.astype(np.float32), matrix, (size, size), borderMode=cv2.BORDER_REFLECT)

    @staticmethod
    def _background_matrix(person: DrawablePortrait, view: View) -> np.ndarray:
        """Map (2, 3) from the stored crop's px to the canvas's: as large as the head became, rolled like the crop."""
        portrait, pose = person.portrait, view.pose
        roll = pose.rotation.numpy() @ view.rotation.T
        ratio = float(pose.scale) * _SUPERSAMPLING / float(portrait.scale)
        turn = ratio * np.array([[roll[0, 0], -roll[0, 1]], [-roll[1, 0], roll[1, 1]]])
        centre = pose.translation.numpy() * _SUPERSAMPLING + (_SUPERSAMPLING - 1) / 2
        return np.concatenate([turn, (centre - turn @ portrait.translation)[:, None]], 1)

    def _draw_surroundings(self, canvas: _Canvas, person: DrawablePortrait, view: View, gain: np.ndarray) -> None:
        body = self._body_rotation(person, view)

        def place(points: np.ndarray, head: np.ndarray) -> np.ndarray:
            turned = points @ view.rotation.T
            bent = (points - _PIVOT) @ body.T + view.rotation @ _PIVOT
            return self._project(head[:, None] * turned + (1 - head[:, None]) * bent, view)

        front = place(person.front_points, person.front_head)
        back = place(person.back_points, person.back_head)
        rear, grid = (person.back_triangles, _GRID_TEXTURED, GRID_UV), (person.front_triangles, _GRID_TEXTURED, GRID_UV)
        shade = gain * person.back_shade[:, None]
        canvas.blend(back, *rear, shade, _GRID_OPAQUE, person.back, _BACK_TAGS, 0.0, 0.97)
        canvas.blend(front, *grid, gain, _GRID_OPAQUE, person.front, _FRONT_TAGS, 0.0, 0.6)
        before = np.clip(person.photographed_normals[:, 2], 0.05, 1)
        now = np.clip((person.front_normals @ view.rotation.T)[:, 2], 0.05, 1)
        stretched = (ramp(now / before, 1.3, 2.5) * person.front_head).astype(np.float32)
        if stretched.max() > 0.1:
            canvas.blend(front, *grid, gain, stretched, person.front_blurred, _FRONT_TAGS, 0.05, 0.97)

    @staticmethod
    def _body_rotation(person: DrawablePortrait, view: View) -> np.ndarray:
        """Rotation (3, 3) of the body, which follows the head's turn from the photograph's by a share."""
        turn, _ = cv2.Rodrigues((view.rotation @ person.portrait.rotation.T).astype(np.float64))
        return (cv2.Rodrigues(turn * _NECK_SHARE)[0] @ person.portrait.rotation).astype(np.float32)

    def _draw_face(self, canvas: _Canvas, person: DrawablePortrait, view: View, vertices: np.ndarray) -> None:
        surface = self.surface
        normals = vertex_normals(np.ascontiguousarray(vertices, np.float32), surface.triangles) @ view.rotation.T
        lit = shine(normals, person.portrait.light if view.light is None else view.light)
        skin_light = np.median(lit[surface.part == FACE], 0)
        plain = self._untextured_colours(person, vertices, lit, skin_light)
        colours = np.where(surface.skin[:, None], lit, plain)
        seam_colours = plain.copy()
        seam_colours[surface.rim] = person.rim_albedo * lit[surface.rim]
        points = self._project((vertices - surface.origin) @ view.rotation.T, view)
        lining_bias = _MESH_AHEAD_MM - _LINING_BEHIND_MM
        layers = (
            (self._main, colours, _MESH_AHEAD_MM),
            (self._seam, seam_colours, _MESH_AHEAD_MM),
            (self._lining, seam_colours, lining_bias),
        )
        for (triangles, textured, tags), shown, ahead in layers:
            bias = ahead * float(view.pose.scale) * _SUPERSAMPLING
            canvas.blend(points, triangles, textured, surface.uv, shown, surface.opacity, person.texture, tags,
                         bias, 0.5)  # fmt: skip
        for front in surface.eye_fronts:
            self._catch_light(canvas, points[front, :2], float(view.pose.scale) * _SUPERSAMPLING, skin_light.mean())

    def _untextured_colours(self, person: DrawablePortrait, vertices: np.ndarray, lit: np.ndarray,
                            skin_light: np.ndarray) -> np.ndarray:  # fmt: skip
        """Linear colours (V, 3) of eyes, mouth and nostrils; capped so that they do not glow in dark faces."""
        surface, part = self.surface, self.surface.part
        lit, pale = _paler(lit), _paler(skin_light)
        colours, skin = person.albedo * lit, skin_light * person.skin
        for eye in surface.eyes:
            above = vertices[eye, 1] - vertices[eye, 1].mean()
            shade = np.clip(0.85 - 0.05 * np.clip(above - 1, 0, 8), 0.4, 0.9)[:, None]
            colours[eye] = person.albedo[eye] * (0.5 * lit[eye] + 0.5 * pale) * shade
        teeth, tongue = part == TEETH, part == TONGUE
        colours[tongue] = np.minimum(colours[tongue], 0.9 * skin + 0.03)
        softened = person.albedo[teeth] * (0.4 * lit[teeth] + 0.45 * pale)
        colours[teeth] = np.minimum(softened, 1.6 * skin.mean() + 0.12)
        return colours

    @staticmethod
    def _catch_light(canvas: _Canvas, pupil: np.ndarray, scale: float, strength: float) -> None:
        """Add a small highlight on the eye, where the eye is seen."""
        centre, reach = pupil + _CATCH_LIGHT * scale, int(np.ceil(2.5 * _CATCH_SIZE_MM * scale))
        x, y = np.round(centre).astype(int)
        size = canvas.depth.shape[0]
        if not (reach <= x < size - reach and reach <= y < size - reach):
            return
        box = np.s_[y - reach : y + reach + 1, x - reach : x + reach + 1]
        v, u = np.mgrid[box]
        glow = np.exp(-((u - centre[0]) ** 2 + (v - centre[1]) ** 2) / (2 * (_CATCH_SIZE_MM * scale) ** 2))
        glow *= np.isin(canvas.tags[box], EYES)
        canvas.picture[..., :3][box] += (_CATCH_STRENGTH * strength * glow[..., None]).astype(np.float32)


def _paler(light: np.ndarray) -> np.ndarray:
    """Take most of the tint out of light (..., 3): the fitted tint is partly the skin's, and would colour the eyes."""
    return 0.3 * light + 0.7 * light.mean(-1, keepdims=True)


def _to_picture(linear: np.ndarray, size: int) -> np.ndarray:
    """Average the canvas over the picture's pixels in linear light; 0..255 with gamma."""
    mean = cv2.resize(np.clip(linear, 0, 1), (size, size), interpolation=cv2.INTER_AREA)
    return cv2.pow(mean, 1 / GAMMA) * np.float32(255)


def _share(mask: np.ndarray, size: int) -> np.ndarray:
    return cv2.resize(mask.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)
