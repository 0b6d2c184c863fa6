"""Reads recordings and results of Peekaboo's trackers and evaluates its face model. Needs only numpy."""

from .camera import Camera, project, quaternion_matrix
from .face_model import FaceModel, FaceModelError
from .frames import Crop, Face, Frame, FramesError, Pose, RawFace, load_frames
from .recording import Recording, head_angles, load_recording, relative_expression

__all__ = [
    "Camera",
    "Crop",
    "Face",
    "FaceModel",
    "FaceModelError",
    "Frame",
    "FramesError",
    "Pose",
    "RawFace",
    "Recording",
    "head_angles",
    "load_frames",
    "load_recording",
    "project",
    "quaternion_matrix",
    "relative_expression",
]
