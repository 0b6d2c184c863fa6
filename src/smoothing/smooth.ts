import { defer, type MonoTypeOperatorFunction, map } from 'rxjs';
import type { Face, Seconds } from '../face/types';
import type { FaceSmootherSettings } from './smooth-face';
import { createFacesSmoother } from './smooth-faces';

/** What the operator needs of a tracked frame. */
export interface SmoothInput {
  readonly frame: { readonly time: Seconds };
  readonly faces: readonly Face[];
}

/** Calm the faces of a stream of tracked frames, each by its id. The memory belongs to the subscription. */
export function smooth<T extends SmoothInput>(settings: FaceSmootherSettings): MonoTypeOperatorFunction<T> {
  return (tracked$) =>
    defer(() => {
      const smoother = createFacesSmoother(settings);
      return tracked$.pipe(map((tracked) => ({ ...tracked, faces: smoother.step(tracked.faces, tracked.frame.time) })));
    });
}
