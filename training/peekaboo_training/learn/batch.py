"""A batch of training samples: a dict of tensors with a leading batch dimension; see data/sample.py for its fields."""

from __future__ import annotations

from collections.abc import Mapping

import torch

Batch = Mapping[str, torch.Tensor]
