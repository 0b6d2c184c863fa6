"""The face model: identity, expression and albedo on one mesh (docs/face-model.md)."""

from .format import (
    EXPRESSION_NAMES,
    PART_NAMES,
    REGION_NAMES,
    FaceModel,
    FaceModelError,
    check_face_model,
    read_face_model,
    write_face_model,
)

__all__ = [
    "EXPRESSION_NAMES",
    "PART_NAMES",
    "REGION_NAMES",
    "FaceModel",
    "FaceModelError",
    "check_face_model",
    "read_face_model",
    "write_face_model",
]
