"""One or several training processes: their group, their devices, and when all stop.

On CPUs processes communicate by gloo; on GPUs by NCCL, each on the GPU of its LOCAL_RANK.
"""

from __future__ import annotations

import os
import signal

import torch
import torch.distributed as distributed

from ..network.checkpoint import Progress
from ..settings import TrainSettings
from .schedule import share_done


def join_group(device: str = "cpu") -> tuple[int, int]:
    """Join torchrun's group, if there is one; gives rank and number of processes."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.device(device).type == "cuda" else "gloo")
    return int(os.environ.get("RANK", "0")), world


def own_device(device: str) -> str:
    """Give this process's device. Under torchrun `cuda` is the GPU of LOCAL_RANK, which becomes the current one."""
    if device != "cuda" or "LOCAL_RANK" not in os.environ:
        return device
    own = f"cuda:{os.environ['LOCAL_RANK']}"
    torch.cuda.set_device(own)
    return own


class StopSignal:
    """Set by SIGINT or SIGTERM; all processes read it together, so that they stop after the same step."""

    def __init__(self, device: str = "cpu"):
        """`device` holds the tensors that processes exchange: NCCL requires those of its own GPU."""
        self.asked, self.device = False, device
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "asked", True))

    def agreed(self, progress: Progress, settings: TrainSettings) -> bool:
        """Tell whether to stop: True in every process once one received a signal, or the settings are used up.

        All processes take the seconds of the first, since learning rates depend on time and must be equal.
        """
        if distributed.is_initialized():
            seconds = progress.seconds if distributed.get_rank() == 0 else 0.0
            shared = torch.tensor([float(self.asked), seconds], dtype=torch.float64, device=self.device)
            distributed.all_reduce(shared, distributed.ReduceOp.MAX)
            asked, progress.seconds = shared.tolist()
            self.asked = asked > 0
        return self.asked or share_done(progress, settings) >= 1
