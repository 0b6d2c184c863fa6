"""Which parameters a run trains, and their learning rates over time."""

from __future__ import annotations

import math

from torch import nn

from ..network.checkpoint import Progress
from ..network.network import PeekabooNetwork
from ..settings import TrainSettings


def choose_parameters(network: PeekabooNetwork, settings: TrainSettings) -> list[dict]:
    """Freeze the parameters that this stage does not train; give the optimizer's groups with their rates."""
    still: list[nn.Parameter] = [*network.trunk.frozen_parameters(settings.freeze)]
    still += network.trunk.presence_branch.parameters()
    if settings.stage == "points":
        for module in (network.face, network.eyes, network.mouth, network.identity, network.landmarks, network.colour):
            still += module.parameters()
    else:
        still += network.trunk.points_branch.parameters()
    for parameter in still:
        parameter.requires_grad_(False)
    head = network.face
    groups = [
        (network.trunk.parameters(), settings.trunk_rate),
        (network.decoder.parameters(), settings.decoder_rate),
        (head.linear.parameters(), settings.linear_rate),
        ([*head.convolution.parameters(), *head.activation.parameters(), *head.correction.parameters()],
         settings.head_rate),
        (network.presence.parameters(), settings.head_rate),
        ([*network.eyes.parameters(), *network.mouth.parameters()], settings.eyes_rate),
        (network.identity.parameters(), settings.identity_rate),
        (network.landmarks.parameters(), settings.landmarks_rate),
        (network.colour.parameters(), settings.colour_rate),
    ]  # fmt: skip
    chosen = [([p for p in parameters if p.requires_grad], rate) for parameters, rate in groups]
    return [{"params": parameters, "lr": rate, "base": rate} for parameters, rate in chosen if parameters]


def share_done(progress: Progress, settings: TrainSettings) -> float:
    """Progress of the run: 0 at the start, 1 when the minutes or the samples are used up."""
    by_samples = progress.samples / settings.samples if settings.samples else 0.0
    by_time = progress.seconds / 60 / settings.minutes if settings.minutes else 0.0
    return min(1.0, max(by_samples, by_time))


def rate_factor(progress: Progress, settings: TrainSettings) -> float:
    """Factor on the learning rates: linear warm-up, then half a cosine down to `final_rate_share`."""
    warm = min(1.0, (progress.step + 1) / settings.warmup_steps)
    cosine = 0.5 + 0.5 * math.cos(math.pi * share_done(progress, settings))
    return warm * (cosine * (1 - settings.final_rate_share) + settings.final_rate_share)
