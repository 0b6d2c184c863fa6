"""Reads the results of Peekaboo's headless tracker and evaluates its face model. Needs only numpy."""

from .camera import Camera, project, quaternion_matrix
from .face_model import FaceModel, FaceModelError
from .frames import Crop, Face, Frame, FramesError, Pose, load_frames

__all__ = [
    "Camera",
    "Crop",
    "Face",
    "FaceModel",
    "FaceModelError",
    "Frame",
    "FramesError",
    "Pose",
    "load_frames",
    "project",
    "quaternion_matrix",
]
