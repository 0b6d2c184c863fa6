"""Reads a bundle's face model and evaluates it."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .camera import Camera, project
from .frames import Face
from .landmark_shift import MEDIAPIPE_OF_IBUG, LandmarkShift

VERSION = 1
REQUIRED = (
    "mean",
    "triangles",
    "part",
    "identityBasis",
    "expressionBasis",
    "albedoMean",
    "albedoBasis",
    "uv",
    "landmarks68",
    "mediapipeTriangles",
    "mediapipeBarycentric",
    "mediapipeOffset",
)


class FaceModelError(ValueError):
    """A file is no face model of this version; the message names the file and the reason."""


@dataclass(frozen=True)
class FaceModel:
    """A linear face model with V vertices: vertices = mean + identity · basis + expression · basis, in mm.

    origin: (3,) mm, the point about which poses rotate; arrays: those of face-model.bin by name, half floats as
    float32; shift: moves landmarks to MediaPipe's positions, None where the bundle has none.
    """

    origin: np.ndarray
    expression_names: tuple[str, ...]
    region_names: tuple[str, ...]
    part_names: tuple[str, ...]
    arrays: Mapping[str, np.ndarray]
    shift: LandmarkShift | None = None

    @classmethod
    def load(cls, path: str | Path) -> FaceModel:
        """Reads a bundle folder with its landmark shift, or a face-model.bin alone. Raises FaceModelError."""
        path = Path(path)
        if not path.is_dir():
            return cls._read(path, None)
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        files = manifest["files"]
        shift = None
        if "landmarkShift" in files:
            shift = LandmarkShift.load(path / files["landmarkShift"], manifest["landmarkShift"]["rank"])
        return cls._read(path / files["faceModel"], shift)

    @classmethod
    def _read(cls, path: Path, shift: LandmarkShift | None) -> FaceModel:
        data = path.read_bytes()
        if data[:4] != b"PKFM" or len(data) < 12:
            raise FaceModelError(f"{path}: not a face model")
        version, length = struct.unpack_from("<II", data, 4)
        if version != VERSION:
            raise FaceModelError(f"{path}: version {version}, this reader supports {VERSION}")
        header = json.loads(data[12 : 12 + length])
        arrays = {entry["name"]: _read_array(path, data, 12 + length, entry) for entry in header["arrays"]}
        missing = [name for name in REQUIRED if name not in arrays]
        if missing:
            raise FaceModelError(f"{path}: the arrays {', '.join(missing)} are missing")
        names = (tuple(header[key]) for key in ("expressionNames", "regionNames", "partNames"))
        return cls(np.array(header["origin"], float), *names, arrays, shift)

    @property
    def triangles(self) -> np.ndarray:
        """(F, 3) vertex indices, counter-clockwise from outside."""
        return self.arrays["triangles"]

    @property
    def uv(self) -> np.ndarray:
        """(V, 2) texture coordinates, 0 to 1, v up."""
        return self.arrays["uv"]

    def expression_vector(self, expression: Mapping[str, float] | Sequence[float] | np.ndarray) -> np.ndarray:
        """Expressions by name, or in the model's order -> (52,). Names that are left out are 0."""
        if not isinstance(expression, Mapping):
            return np.asarray(expression, float)
        unknown = set(expression) - set(self.expression_names)
        if unknown:
            raise KeyError(f"unknown expressions: {', '.join(sorted(unknown))}")
        return np.array([expression.get(name, 0.0) for name in self.expression_names])

    def vertices(
        self,
        identity: Sequence[float] | np.ndarray,
        expression: Mapping[str, float] | Sequence[float] | np.ndarray = (),
    ) -> np.ndarray:
        """(80,) standard deviations and 52 expressions, by name or in order; none: neutral -> (V, 3) mm."""
        vector = self.expression_vector(expression if len(expression) else {})
        moved = np.tensordot(np.asarray(identity, float), self.arrays["identityBasis"], 1)
        return self.arrays["mean"] + moved + np.tensordot(vector, self.arrays["expressionBasis"], 1)

    def albedo(self, coefficients: Sequence[float] | np.ndarray) -> np.ndarray:
        """(10,) -> (V, 3) linear RGB."""
        exponent = np.tensordot(np.asarray(coefficients, float), self.arrays["albedoBasis"], 1)
        return self.arrays["albedoMean"] * np.exp(exponent)

    def mediapipe_points(self, vertices: np.ndarray) -> np.ndarray:
        """(V, 3) -> (478, 3) mm: MediaPipe's landmarks on the mesh, without the landmark shift."""
        corners = vertices[self.arrays["mediapipeTriangles"]]
        on_mesh = np.einsum("nk,nkc->nc", self.arrays["mediapipeBarycentric"], corners)
        return on_mesh + self.arrays["mediapipeOffset"]

    def landmarks68(self, face: Face) -> np.ndarray:
        """(68, 2) frame px: iBUG's landmarks of a face, as `points68` of the tracker."""
        vertices = self.vertices(face.identity, face.expression)
        points = project(vertices[self.arrays["landmarks68"]], face.camera, self.origin)
        if self.shift:
            points[17:] += self._shifts(face, face.camera)[list(MEDIAPIPE_OF_IBUG)]
        return points

    def landmarks478(self, face: Face) -> np.ndarray:
        """(478, 3) frame px: MediaPipe's landmarks of a face, as `points478` of the tracker."""
        vertices = self.vertices(face.identity, face.expression)
        points = project(self.mediapipe_points(vertices), face.camera, self.origin, depth=True)
        if self.shift:
            points[:, :2] += self._shifts(face, face.camera)
        return points

    def _shifts(self, face: Face, camera: Camera) -> np.ndarray:
        assert self.shift is not None
        return self.shift.pixels(face.identity, self.expression_vector(face.expression), camera)


def _read_array(path: Path, data: bytes, start: int, entry: dict) -> np.ndarray:
    first = start + entry["offset"]
    if first + entry["byteLength"] > len(data):
        raise FaceModelError(f"{path}: the array {entry['name']} is cut off")
    dtype = np.dtype(entry["dtype"]).newbyteorder("<")
    array = np.frombuffer(data, dtype, entry["byteLength"] // dtype.itemsize, first).reshape(entry["shape"])
    return array.astype(np.float32) if entry["dtype"] == "float16" else array.astype(entry["dtype"])
