"""A batch of training samples."""

from __future__ import annotations

from collections.abc import Mapping

import torch

Sample = Mapping[str, torch.Tensor]
