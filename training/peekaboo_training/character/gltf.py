"""Writes surfaces as one binary glTF 2.0 file, morph targets as sparse, quantised accessors."""

from __future__ import annotations

import json
import struct

import numpy as np

from ..face_model.format import EXPRESSION_NAMES
from .surface import Surface

FLOAT, BYTE, SHORT, USHORT = 5126, 5120, 5122, 5123
LEAST = 0.1  # mm: smaller displacements are left out of a shape


class Writer:
    """Collects buffers, meshes and nodes; `bytes` gives the file. Lengths come in mm and are written in metres."""

    def __init__(self, generator: str):
        self.data = bytearray()
        self.json = {
            "asset": {"version": "2.0", "generator": generator},
            "extensionsUsed": ["KHR_mesh_quantization", "KHR_materials_unlit", "KHR_materials_specular"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            **{name: [] for name in
               ("nodes", "meshes", "materials", "textures", "images", "samplers", "accessors", "bufferViews")},
        }  # fmt: skip

    def node(self, name: str, parent: int | None = None, at=(0, 0, 0), mesh: int | None = None, extras=None) -> int:
        """`at`: mm from the parent's place."""
        node = {"name": name}
        if any(at):
            node["translation"] = [round(float(x) / 1000, 6) for x in at]
        if mesh is not None:
            node["mesh"] = mesh
        if extras:
            node["extras"] = extras
        index = self._add("nodes", node)
        if parent is not None:
            self.json["nodes"][parent].setdefault("children", []).append(index)
        return index

    def image(self, name: str, content: bytes, mime: str) -> int:
        """-> index of a texture."""
        if not self.json["samplers"]:
            self._add("samplers", {"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071})
        source = self._add("images", {"name": name, "mimeType": mime, "bufferView": self._view(content)})
        return self._add("textures", {"sampler": 0, "source": source})

    def material(self, name: str, roughness=0.6, texture: int | None = None, colour=(1, 1, 1, 1), **more) -> int:
        surface = {"baseColorFactor": list(colour), "metallicFactor": 0, "roughnessFactor": roughness}
        if texture is not None:
            surface["baseColorTexture"] = {"index": texture}
        return self._add("materials", {"name": name, "pbrMetallicRoughness": surface, **more})

    def mesh(self, name: str, piece: Surface, material: int, origin=(0, 0, 0), all_shapes: bool = False) -> int:
        """`origin`: where the mesh's node is, in mm; all_shapes: list the 52 names even where nothing moves."""
        attributes = {
            "POSITION": self._floats(piece.vertices - origin, 0.001, bounds=True),
            "NORMAL": self._normals(piece.normals),
        }
        if piece.uv is not None:
            attributes["TEXCOORD_0"] = self._floats(piece.uv)
        if piece.colour is not None:
            attributes["COLOR_0"] = self._colours(piece.colour)
        primitive = {"attributes": attributes, "indices": self._indices(piece.triangles), "material": material}
        mesh = {"name": name, "primitives": [primitive]}
        names = [n for n in EXPRESSION_NAMES if all_shapes or n in piece.shapes]
        if names:
            count, still = len(piece.vertices), np.zeros((len(piece.vertices), 3))
            shapes = [piece.shapes.get(n, (still, still)) for n in names]
            primitive["targets"] = [
                {"POSITION": self._sparse(moved / 1000, np.abs(moved).max(1) > LEAST, count, SHORT),
                 "NORMAL": self._sparse(turned, np.abs(turned).max(1) > 0.02, count, BYTE)}
                for moved, turned in shapes
            ]  # fmt: skip
            mesh["extras"] = {"targetNames": names}
        return self._add("meshes", mesh)

    def bytes(self) -> bytes:
        """The file."""
        gltf = {key: value for key, value in self.json.items() if value != []}
        gltf["buffers"] = [{"byteLength": len(self.data)}]
        text = json.dumps(gltf, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        body = bytes(self.data) + b"\0" * (-len(self.data) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(body))
        return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body

    def _add(self, kind: str, value: dict) -> int:
        self.json[kind].append(value)
        return len(self.json[kind]) - 1

    def _view(self, content: bytes, **more) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        start = len(self.data)
        self.data += content
        return self._add("bufferViews", {"buffer": 0, "byteOffset": start, "byteLength": len(content), **more})

    def _floats(self, values: np.ndarray, scale: float = 1.0, bounds: bool = False) -> int:
        values = np.ascontiguousarray(values * scale, "<f4")
        kind = "VEC2" if values.shape[1] == 2 else "VEC3"
        accessor = {"bufferView": self._view(values.tobytes(), target=34962), "componentType": FLOAT,
                    "count": len(values), "type": kind}  # fmt: skip
        if bounds:
            accessor |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        return self._add("accessors", accessor)

    def _colours(self, colour: np.ndarray) -> int:
        """RGB or RGBA as 16 bit: linear colours want more than 8."""
        values = np.zeros((len(colour), 4), "<u2")
        values[:, : colour.shape[1]] = np.round(np.clip(colour, 0, 1) * 65535)
        return self._add("accessors", {
            "bufferView": self._view(values.tobytes(), target=34962, byteStride=8), "componentType": USHORT,
            "normalized": True, "count": len(values), "type": "VEC4" if colour.shape[1] == 4 else "VEC3",
        })  # fmt: skip

    def _normals(self, normals: np.ndarray) -> int:
        values = np.zeros((len(normals), 4), "<i2")
        values[:, :3] = np.round(normals * 32767)
        return self._add("accessors", {
            "bufferView": self._view(values.tobytes(), target=34962, byteStride=8), "componentType": SHORT,
            "normalized": True, "count": len(values), "type": "VEC3",
        })  # fmt: skip

    def _indices(self, triangles: np.ndarray) -> int:
        values = triangles.astype("<u2")
        if triangles.max() > 65535:
            raise ValueError(f"a mesh of {triangles.max() + 1} vertices: 65,535 at most")
        return self._add("accessors", {
            "bufferView": self._view(values.tobytes(), target=34963), "componentType": USHORT,
            "count": values.size, "type": "SCALAR",
        })  # fmt: skip

    def _sparse(self, values: np.ndarray, chosen: np.ndarray, count: int, kind: int) -> int:
        """Values (N, 3) within -1..1, where `chosen`; the others are 0."""
        accessor = {"componentType": kind, "normalized": True, "count": count, "type": "VEC3"}
        least, most, dtype = (-32767, 32767, "<i2") if kind == SHORT else (-127, 127, "i1")
        rows = np.flatnonzero(chosen)
        numbers = np.clip(np.round(values[rows] * most), least, most).astype(dtype)
        low, high = np.zeros(3), np.zeros(3)
        if len(rows):
            accessor["sparse"] = {
                "count": len(rows),
                "indices": {"bufferView": self._view(rows.astype("<u2").tobytes()), "componentType": USHORT},
                "values": {"bufferView": self._view(numbers.tobytes())},
            }
            low, high = np.minimum(numbers.min(0), 0), np.maximum(numbers.max(0), 0)
        if kind == SHORT:
            accessor |= {"min": [int(x) for x in low], "max": [int(x) for x in high]}
        return self._add("accessors", accessor)
