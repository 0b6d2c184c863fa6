"""Folders, constants of the crop and the camera, and the settings of one training run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDER = PROJECT_ROOT / "data"
MODELS_FOLDER = PROJECT_ROOT / "public" / "models"
DEFAULT_FACE_MODEL = MODELS_FOLDER / "peekaboo" / "face-model.bin"
GOLDEN_FOLDER = PROJECT_ROOT / "test" / "golden"

CROP_SIZE = 192
CROP_CENTRE = 95.5
CROP_SCALE = 1.5
MASK_SIZE = 96
MASK_CELL = 2
POSE_DISTANCE = 800.0
POSE_BASE_SCALE = 0.8
HALF_CROP = 96.0
LIGHT_BASE = 3.2
GAMMA = 2.2


@dataclass
class TrainSettings:
    """Settings of one training run; saved as settings.json beside its weights.

    `misfit` is FOCUS's term for the image residual, picture minus rendered face; see learn/misfit.py.
    """

    stage: str = "full"  # points: auxiliary branch, mask and presence, no face model; full: everything
    minutes: float = 60.0
    samples: int = 0  # 0: no limit
    batch: int = 32
    threads: int = 1
    workers: int = 1
    device: str = "cpu"
    seed: int = 1
    mixed: int = 0  # 1: trunk and decoder compute in bfloat16
    freeze: int = 48  # trunk layers down to this resolution are not trained; 0: all are
    covers: str = "labelled"  # pasted covers: labelled, unlabelled (the masks tell nothing of them), none
    portrait_share: float = 0.0  # share of portraits rendered again (stage full), see the prepare-portraits command
    render_share: float = 0.2  # share of rendered heads; 1: no photograph of a face
    reuse: float = 1.0  # how often each composed picture is used on average, with another simulated camera
    shift: str = ""  # a landmark-shift.bin, added to the model's points in losses on photographs (stage full)
    misfit: str = "off"  # FOCUS's alternation: off; map: with a prior per vertex; flat: one for all
    trunk_rate: float = 3e-4
    decoder_rate: float = 2e-3
    head_rate: float = 6e-4
    eyes_rate: float = 2e-3  # of the eye and mouth branches
    identity_rate: float = 1e-3
    landmarks_rate: float = 3e-3
    linear_rate: float = 1e-5
    colour_rate: float = 1e-3
    weight_decay: float = 1e-4
    clip: float = 100.0
    warmup_steps: int = 60
    final_rate_share: float = 0.02
    ema: float = 0.995
    ridge_samples: int = 5000
    log_every: int = 50
    checkpoint_minutes: float = 3.0

    def save(self, path: Path) -> None:
        """Write the settings as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> TrainSettings:
        """Read settings; raises ValueError for an unknown name."""
        values = json.loads(path.read_text())
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"{path}: unknown settings {sorted(unknown)}")
        return cls(**values)
