"""face-model.bin: the face model's file format, version 1 (docs/formats.md)."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .normals import vertex_normals

MAGIC = b"PKFM"
VERSION = 1
ALIGNMENT = 16
AXES = "x subject's left, y up, z to the viewer"

IDENTITY_COUNT = 80
EXPRESSION_COUNT = 52
ALBEDO_COUNT = 10

# ARKit's order, as in every bundle's manifest. Left is the subject's left.
EXPRESSION_NAMES = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft",
    "eyeSquintLeft", "eyeWideLeft",
    "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight",
    "jawForward", "jawLeft", "jawRight", "jawOpen",
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)
REGION_NAMES = (
    "eyeLeft", "eyeRight", "browLeft", "browRight", "nose", "mouth", "jaw", "cheekLeft", "cheekRight", "forehead",
)
PART_NAMES = ("face", "head", "eyeLeft", "eyeRight", "teeth", "gums", "mouth", "tongue")

# name in the file -> (dtype, shape); V vertices, F triangles.
ARRAYS: dict[str, tuple[str, tuple[int | str, ...]]] = {
    "mean": ("float32", ("V", 3)),
    "triangles": ("uint16", ("F", 3)),
    "part": ("uint8", ("V",)),
    "identityBasis": ("float16", (IDENTITY_COUNT, "V", 3)),
    "expressionBasis": ("float16", (EXPRESSION_COUNT, "V", 3)),
    "albedoMean": ("float16", ("V", 3)),
    "albedoBasis": ("float16", (ALBEDO_COUNT, "V", 3)),
    "uv": ("float32", ("V", 2)),
    "landmarks68": ("uint16", (68,)),
    "mediapipeTriangles": ("uint16", (478, 3)),
    "mediapipeBarycentric": ("float32", (478, 3)),
    "mediapipeOffset": ("float32", (478, 3)),
    "regionWeights": ("float16", (len(REGION_NAMES), "V")),
    "mirror": ("uint16", ("V",)),
}
# Written values are multiples of these: far below the accuracy of the model (the vertices of a face move by 0.016 mm on
# average, 0.06 mm at most), and the file compresses to half its size.
STEPS = {"identityBasis": 2**-8, "expressionBasis": 2**-8, "albedoBasis": 2**-10, "regionWeights": 2**-8}
INDEX_ARRAYS = ("triangles", "landmarks68", "mediapipeTriangles", "mirror")


class FaceModelError(ValueError):
    """The file or the model is not a face model of version 1; the message says why."""


def snake_case(name: str) -> str:
    """Name of an array in the file -> name of FaceModel's field."""
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


@dataclass
class FaceModel:
    """A linear face: mean + identity + expression, in mm, x to the subject's left, y up, z to the viewer.

    Floats are float32 in memory, indices int64, part uint8. Coefficients of identity and albedo count standard
    deviations, those of expressions run from 0 to 1.
    """

    mean: np.ndarray  # (V, 3) mm
    triangles: np.ndarray  # (F, 3) counter-clockwise seen from outside
    part: np.ndarray  # (V,) index into PART_NAMES
    identity_basis: np.ndarray  # (80, V, 3) mm per standard deviation
    expression_basis: np.ndarray  # (52, V, 3) mm at 1.0
    albedo_mean: np.ndarray  # (V, 3) linear RGB
    albedo_basis: np.ndarray  # (10, V, 3) log albedo per standard deviation
    uv: np.ndarray  # (V, 2) 0..1, v up
    landmarks68: np.ndarray  # (68,) vertex ids, iBUG order
    mediapipe_triangles: np.ndarray  # (478, 3) vertex ids
    mediapipe_barycentric: np.ndarray  # (478, 3)
    mediapipe_offset: np.ndarray  # (478, 3) mm, added in model space
    region_weights: np.ndarray  # (10, V) 0..1
    mirror: np.ndarray  # (V,) vertex on the other side
    origin: np.ndarray  # (3,) mm, subtracted before the pose
    sources: list[dict[str, str]] = field(default_factory=list)  # [{"name", "licence"}]

    expression_names = EXPRESSION_NAMES
    region_names = REGION_NAMES
    part_names = PART_NAMES

    def vertices(self, identity: np.ndarray | None = None, expression: np.ndarray | None = None) -> np.ndarray:
        """Coefficients (80,) and (52,), or fewer leading ones, or None for zero -> vertices (V, 3) in mm."""
        result = self.mean.astype(np.float32).copy()
        for coefficients, basis in ((identity, self.identity_basis), (expression, self.expression_basis)):
            if coefficients is not None:
                c = np.asarray(coefficients, np.float32)
                result += np.tensordot(c, basis[: len(c)], 1)
        return result

    def albedo(self, coefficients: np.ndarray | None = None) -> np.ndarray:
        """Coefficients (10,) or None -> linear RGB (V, 3)."""
        if coefficients is None:
            return self.albedo_mean.copy()
        c = np.asarray(coefficients, np.float32)
        return self.albedo_mean * np.exp(np.tensordot(c, self.albedo_basis[: len(c)], 1))

    def landmarks(self, vertices: np.ndarray) -> np.ndarray:
        """Vertices (V, 3) -> the 68 points (68, 3)."""
        return vertices[self.landmarks68]

    def mediapipe_points(self, vertices: np.ndarray) -> np.ndarray:
        """Vertices (V, 3) -> MediaPipe's 478 points (478, 3), offsets added."""
        corners = vertices[self.mediapipe_triangles]
        return np.einsum("nk,nkc->nc", self.mediapipe_barycentric, corners) + self.mediapipe_offset

    def normals(self, vertices: np.ndarray) -> np.ndarray:
        """Vertices (V, 3) -> unit normals (V, 3), weighted by the area of the triangles around."""
        return vertex_normals(vertices, self.triangles)


def check_face_model(model: FaceModel) -> None:
    """Raise FaceModelError where a shape, an index or a number is impossible."""
    count, faces = len(model.mean), len(model.triangles)
    if not 0 < count <= 65536:
        raise FaceModelError(f"mean: {count} vertices; 1 to 65536 are possible")
    for name, (dtype, shape) in ARRAYS.items():
        array = getattr(model, snake_case(name))
        wanted = tuple({"V": count, "F": faces}.get(n, n) for n in shape)
        if array.shape != wanted:
            raise FaceModelError(f"{name}: shape {list(array.shape)} instead of {list(wanted)}")
        if name in INDEX_ARRAYS and (array.min() < 0 or array.max() >= count):
            raise FaceModelError(f"{name}: vertex {array.max()} of {count}")
        if dtype.startswith("float") and not np.isfinite(array).all():
            raise FaceModelError(f"{name}: not finite")
    if model.part.max() >= len(PART_NAMES):
        raise FaceModelError(f"part: {model.part.max()} of {len(PART_NAMES)} parts")
    if np.shape(model.origin) != (3,) or not np.isfinite(model.origin).all():
        raise FaceModelError(f"origin: {model.origin} instead of three numbers")


def write_face_model(path: str | Path, model: FaceModel) -> None:
    """Check the model and write it, rounded to STEPS; the folder is made."""
    check_face_model(model)
    entries, chunks, offset = [], [], 0
    for name, (dtype, _) in ARRAYS.items():
        values = getattr(model, snake_case(name))
        if name in STEPS:
            values = np.round(np.asarray(values, np.float64) / STEPS[name]) * STEPS[name]
        array = np.ascontiguousarray(values, np.dtype(dtype).newbyteorder("<"))
        entries.append(
            {"name": name, "dtype": dtype, "shape": list(array.shape), "offset": offset, "byteLength": array.nbytes}
        )
        padding = -array.nbytes % ALIGNMENT
        chunks.append(array.tobytes() + bytes(padding))
        offset += array.nbytes + padding
    header = {
        "format": "peekaboo-face-model",
        "version": VERSION,
        "units": "mm",
        "axes": AXES,
        "origin": [float(x) for x in model.origin],
        "expressionNames": list(EXPRESSION_NAMES),
        "regionNames": list(REGION_NAMES),
        "partNames": list(PART_NAMES),
        "sources": model.sources,
        "arrays": entries,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(12 + len(text)) % ALIGNMENT)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(MAGIC + struct.pack("<II", VERSION, len(text)) + text + b"".join(chunks))


def read_face_model(path: str | Path) -> FaceModel:
    """Read face-model.bin. Raises FaceModelError with the reason if it is not one of version 1."""
    data = Path(path).read_bytes()
    header, start = _read_header(data)
    entries = {entry["name"]: entry for entry in header["arrays"]}
    arrays = {snake_case(name): _read_array(data, start, name, entries) for name in ARRAYS}
    try:
        model = FaceModel(**arrays, origin=np.asarray(header["origin"], np.float32), sources=header.get("sources", []))
    except (TypeError, ValueError) as error:
        raise FaceModelError(f"origin: {header.get('origin')} instead of three numbers") from error
    check_face_model(model)
    return model


def _read_header(data: bytes) -> tuple[dict, int]:
    """File -> JSON header, checked, and where the arrays start."""
    if data[:4] != MAGIC or len(data) < 12:
        raise FaceModelError(f"magic: {data[:4]!r} instead of {MAGIC!r}")
    version, length = struct.unpack_from("<II", data, 4)
    if version != VERSION:
        raise FaceModelError(f"version: {version} instead of {VERSION}")
    start = 12 + length
    if start > len(data):
        raise FaceModelError(f"header: {length} bytes, but the file ends after {len(data)}")
    if start % ALIGNMENT:
        raise FaceModelError(f"header: arrays start at byte {start}, not at a multiple of {ALIGNMENT}")
    try:
        header = json.loads(data[12:start])
    except ValueError as error:
        raise FaceModelError(f"header: not JSON: {error}") from error
    wanted = {
        "format": "peekaboo-face-model", "version": VERSION, "units": "mm", "axes": AXES,
        "expressionNames": list(EXPRESSION_NAMES), "regionNames": list(REGION_NAMES), "partNames": list(PART_NAMES),
    }
    for key, value in wanted.items():
        if header.get(key) != value:
            raise FaceModelError(f"{key}: {header.get(key)!r} instead of {value!r}")
    if not isinstance(header.get("arrays"), list) or "origin" not in header:
        raise FaceModelError("header: arrays or origin missing")
    return header, start


def _read_array(data: bytes, start: int, name: str, entries: dict[str, dict]) -> np.ndarray:
    """One array of the file; floats as float32, indices as int64."""
    if name not in entries:
        raise FaceModelError(f"{name}: missing")
    entry, dtype = entries[name], ARRAYS[name][0]
    if entry.get("dtype") != dtype:
        raise FaceModelError(f"{name}: dtype {entry.get('dtype')!r} instead of {dtype!r}")
    shape, offset = entry["shape"], entry["offset"]
    kind = np.dtype(dtype).newbyteorder("<")
    size = int(np.prod(shape)) * kind.itemsize
    if size != entry["byteLength"] or offset % ALIGNMENT or offset < 0 or start + offset + size > len(data):
        raise FaceModelError(f"{name}: {entry['byteLength']} bytes at {offset} do not hold {shape} of {dtype}")
    array = np.frombuffer(data, kind, int(np.prod(shape)), start + offset).reshape(shape)
    if name in INDEX_ARRAYS:
        return array.astype(np.int64)
    return array.astype(np.float32) if dtype.startswith("float") else array.copy()
