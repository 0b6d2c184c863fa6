"""Fit pose, identity and expression to MediaPipe's points of many faces at once.

Damped Gauss-Newton: a rigid start, the pose alone, then all unknowns; three rounds suffice. With a Hessian reused for
several rounds, or an orthographic one, it diverges, since size and distance are nearly degenerate.
"""

from __future__ import annotations

import numpy as np
import torch

from ..scene.camera import Pose, project_pose
from ..scene.mesh_points import OUTER_EYES
from ..settings import POSE_DISTANCE
from .point_model import FitResult, PointModel
from .points import FITTED, YAW_BINS, point_weights, point_yaw

NOISE = 0.015
"""Expected error of a point, in outer eye distances; balances points against priors."""
DEPTH_WEIGHT = 0.12
"""Weight of an error in depth, relative to one in the picture."""
KNOWN_IDENTITY = 100.0
"""Weight of the prior on a known identity; it is 1 for an unknown one."""
_ROBUST = 0.05
_POSE_ROUNDS = 3
_DAMPING = 1e-4
_LARGEST_TURN = 0.5


def fit_points(model: PointModel, points: np.ndarray, prior_mean: np.ndarray, prior_weight: np.ndarray,
               rounds: int = 3, batch: int = 32, identity: np.ndarray | None = None) -> FitResult:  # fmt: skip
    """Fit all faces (N, 478, 3), px. `prior_mean` (N, 52) and `prior_weight` (52,) are the prior of the expressions.

    `identity` (N, 80): known identities, near which the fit stays. Faces of a batch have similar yaw, since the points'
    weights depend on it.
    """
    yaw = np.abs(point_yaw(points))
    bins = np.digitize(yaw, YAW_BINS)
    parts: list[FitResult] = []
    order: list[np.ndarray] = []
    shape_weight = torch.full((80,), 1.0 if identity is None else KNOWN_IDENTITY)
    weight_of_prior = torch.cat([shape_weight, torch.tensor(prior_weight, dtype=torch.float32)])
    prior = np.concatenate([np.zeros((len(points), 80)) if identity is None else identity, prior_mean], 1)
    for k in range(len(YAW_BINS) + 1):
        chosen = np.nonzero(bins == k)[0]
        weights = point_weights(k)
        for start in range(0, len(chosen), batch):
            rows = chosen[start : start + batch]
            target = torch.tensor(points[rows], dtype=torch.float32)
            held = torch.tensor(prior[rows], dtype=torch.float32)
            parts.append(_Fit(model, target, held, weight_of_prior, weights).run(rounds))
            order.append(rows)
    return _in_order(parts, np.concatenate(order))


def _in_order(parts: list[FitResult], rows: np.ndarray) -> FitResult:
    back = torch.tensor(np.argsort(rows))
    def join(pick):
        return torch.cat([pick(part) for part in parts])[back]

    pose = Pose(join(lambda p: p.pose.rotation), join(lambda p: p.pose.translation), join(lambda p: p.pose.scale))
    return FitResult(pose, join(lambda p: p.coefficients), join(lambda p: p.error), join(lambda p: p.residual))


class _Fit:
    """The state of one batch."""

    def __init__(self, model: PointModel, target: torch.Tensor, held: torch.Tensor, prior_weight: torch.Tensor,
                 weights: torch.Tensor) -> None:  # fmt: skip
        self.model, self.all_points, self.weights = model, target, weights
        self.target = target[:, FITTED]
        self.fitted = PointModel(model.mean[FITTED], model.basis[:, FITTED])
        self.prior_weight = prior_weight
        self.eyes = (target[:, OUTER_EYES[0]] - target[:, OUTER_EYES[1]]).norm(dim=1)
        self.prior_mean = held
        self.coefficients = torch.cat([held[:, :80], 0.5 * held[:, 80:]], 1)
        self.pose = self._rigid_start()

    def run(self, rounds: int) -> FitResult:
        for _ in range(_POSE_ROUNDS):
            self._pose_step()
        for count in range(rounds):
            self._step(robust=count > 0)
        return self._result()

    def _rigid_start(self) -> Pose:
        """Align the mean face with the target's points in 3D, using MediaPipe's depth."""
        spatial = self.all_points[:, :468] * torch.tensor([1.0, -1.0, -1.0])
        spatial = spatial - spatial.mean(1, keepdim=True)
        mean = self.model.mean[:468] - self.model.mean[:468].mean(0)
        u, _, v = torch.linalg.svd(torch.einsum("bni,nj->bij", spatial, mean))
        sign = torch.ones(len(u), 3)
        sign[:, 2] = torch.det(u @ v)
        across = self.model.mean[OUTER_EYES[0]] - self.model.mean[OUTER_EYES[1]]
        return Pose((u * sign[:, None]) @ v, self.all_points[:, :468, :2].mean(1), self.eyes / across.norm())

    def _pose_step(self) -> None:
        turned, jacobian, error, weight = self._look()
        by_pose = _pose_jacobian(turned, jacobian)
        gradient = torch.einsum("bnip,bni->bp", by_pose, error * weight)
        hessian = torch.einsum("bnip,bniq->bpq", by_pose, by_pose * weight[..., None])
        self._move(-torch.linalg.solve(hessian + _damping(hessian), gradient))

    def _step(self, robust: bool) -> None:
        turned, jacobian, error, weight = self._look()
        if robust:
            weight = weight * self._trust(error)
        by_pose = _pose_jacobian(turned, jacobian)
        error = error * weight
        pulled = (jacobian.transpose(2, 3) @ error[..., None])[..., 0] @ self.pose.rotation
        away = self.coefficients - self.prior_mean
        of_shape = pulled.flatten(1) @ self.fitted.basis.flatten(1).T + self.prior_weight * away
        of_pose = torch.einsum("bnip,bni->bp", by_pose, error)
        hessian = self._hessian(by_pose, jacobian, weight)
        self._move(self._step_within_bounds(torch.cat([of_pose, of_shape], 1), hessian, self._held_at_bound(of_shape)))

    def _step_within_bounds(self, gradient: torch.Tensor, hessian: torch.Tensor, held: torch.Tensor) -> torch.Tensor:
        """Solve for the step (B, 138), without the `held` coefficients (B, 132); expressions stop at their bounds."""
        free = torch.cat([torch.ones(len(held), 6), (~held).float()], 1)
        step = _solve_free(hessian, gradient, free)
        expression = self.coefficients[:, 80:]
        to_bound = (expression + step[:, 86:]).clamp(0, 1) - expression
        beyond = (to_bound != step[:, 86:]) & (free[:, 86:] > 0)
        fixed = torch.cat([torch.zeros(len(held), 86), to_bound * beyond], 1)
        free = free * torch.cat([torch.ones(len(held), 86), (~beyond).float()], 1)
        return _solve_free(hessian, gradient + (hessian @ fixed[..., None])[..., 0], free) + fixed

    def _hessian(self, by_pose: torch.Tensor, jacobian: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        """Give the Hessian (B, 138, 138) of pose, identity and expression, with the priors."""
        by_vertex = (jacobian @ self.pose.rotation[:, None]) * weight.sqrt()[..., None]
        by_shape = torch.einsum("bnij,njk->bnik", by_vertex, self.fitted.basis.permute(1, 2, 0))
        whole = torch.cat([by_pose * weight.sqrt()[..., None], by_shape], 3).flatten(1, 2)
        prior = torch.cat([torch.zeros(6), self.prior_weight])
        return whole.transpose(1, 2) @ whole + torch.diag(prior)

    def _look(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Give the rotated points, the camera's derivative at them, the error, and its weights (B, P, 3)."""
        turned = self.fitted.shape(self.coefficients) @ self.pose.rotation.transpose(1, 2)
        jacobian, error = self._linearise(turned)
        weight = self.weights / (NOISE * self.eyes[:, None]) ** 2
        return turned, jacobian, error, weight[..., None] * torch.tensor([1.0, 1.0, DEPTH_WEIGHT**2])

    def _trust(self, error: torch.Tensor) -> torch.Tensor:
        """Give robust weights (B, P, 1): 1 for small errors, less for outliers."""
        squared = (error[..., :2].norm(dim=-1, keepdim=True) / (_ROBUST * self.eyes[:, None, None])) ** 2
        return 1 / (1 + squared)

    def _linearise(self, turned: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give d(u, v, depth)/d(rotated point) (B, P, 3, 3) and the error (B, P, 3), depth without its offset."""
        x, y, z = turned.unbind(-1)
        scale = self.pose.scale[:, None]
        k = scale * POSE_DISTANCE / (POSE_DISTANCE - z)
        zero = torch.zeros_like(x)
        rows = [k, zero, k * x / (POSE_DISTANCE - z), zero, -k, -k * y / (POSE_DISTANCE - z), zero, zero, -scale + zero]
        jacobian = torch.stack(rows, -1).unflatten(-1, (3, 3))
        shift = self.pose.translation[:, None]
        seen = torch.stack([shift[..., 0] + k * x, shift[..., 1] - k * y, -scale * z], -1)
        error = seen - self.target
        depth = error[..., 2:] - error[..., 2:].median(1, keepdim=True)[0]
        return jacobian, torch.cat([error[..., :2], depth], -1)

    def _held_at_bound(self, gradient: torch.Tensor) -> torch.Tensor:
        expression = self.coefficients[:, 80:]
        low = (expression <= 1e-4) & (gradient[:, 80:] > 0)
        high = (expression >= 1 - 1e-4) & (gradient[:, 80:] < 0)
        return torch.cat([torch.zeros_like(gradient[:, :80], dtype=torch.bool), low | high], 1)

    def _move(self, step: torch.Tensor) -> None:
        angle = step[:, :3].norm(dim=1, keepdim=True).clamp_min(1e-9)
        x, y, z = (step[:, :3] * (angle.clamp_max(_LARGEST_TURN) / angle)).unbind(1)
        zero = torch.zeros_like(x)
        turn = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).unflatten(1, (3, 3))
        rotation = torch.linalg.matrix_exp(turn) @ self.pose.rotation
        scale = self.pose.scale * torch.exp(step[:, 3].clamp(-0.3, 0.3))
        self.pose = Pose(rotation, self.pose.translation + step[:, 4:6], scale)
        if step.shape[1] > 6:
            moved = self.coefficients + step[:, 6:]
            self.coefficients = torch.cat([moved[:, :80].clamp(-4, 4), moved[:, 80:].clamp(0, 1)], 1)

    def _result(self) -> FitResult:
        shape = self.model.shape(self.coefficients)
        seen = project_pose(shape, self.pose, torch.zeros(3))
        error = (seen - self.all_points)[..., :2]
        turned = shape @ self.pose.rotation.transpose(1, 2)
        k = self.pose.scale[:, None] * POSE_DISTANCE / (POSE_DISTANCE - turned[..., 2])
        missing = torch.stack([-error[..., 0] / k, error[..., 1] / k, torch.zeros_like(k)], -1)
        return FitResult(self.pose, self.coefficients, error.norm(dim=-1) / self.eyes[:, None] * 100,
                         missing @ self.pose.rotation)  # fmt: skip


def _solve_free(hessian: torch.Tensor, gradient: torch.Tensor, free: torch.Tensor) -> torch.Tensor:
    """Give the Newton step of the unknowns with `free` 1; it is 0 for the others."""
    hessian = hessian * free[:, :, None] * free[:, None] + torch.diag_embed(1 - free)
    return -torch.linalg.solve(hessian + _damping(hessian), gradient * free)


def _damping(hessian: torch.Tensor) -> torch.Tensor:
    return torch.diag_embed(_DAMPING * hessian.diagonal(dim1=1, dim2=2))


def _pose_jacobian(turned: torch.Tensor, jacobian: torch.Tensor) -> torch.Tensor:
    """Give d(u, v, depth)/d(rotation x y z, log scale, shift x y): (B, P, 3, 6)."""
    x, y, z = turned.unbind(-1)
    zero = torch.zeros_like(x)
    turn = torch.stack([zero, z, -y, -z, zero, x, y, -x, zero], -1).unflatten(-1, (3, 3))
    k = jacobian[..., 0, 0]
    scale = torch.stack([k * x, -k * y, jacobian[..., 2, 2] * z], -1)[..., None]
    shift = torch.zeros(*x.shape, 3, 2)
    shift[..., 0, 0] = shift[..., 1, 1] = 1
    return torch.cat([jacobian @ turn, scale, shift], -1)
