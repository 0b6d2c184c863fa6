/** Entry point `peekaboo-face/react`. */
import { useEffect, useRef, useState } from 'react';
import type { FrameSource, TrackedFrame, Tracker, TrackerOptions } from '../library';
import { camera } from '../library';
import { createTracker } from './index';

export interface FaceTrackerOptions extends Omit<TrackerOptions, 'signal'> {
  /** Called with each result; its frame is open until the function returns. The newest function is called. */
  readonly onResult?: (result: TrackedFrame) => void;
  /** What to track, called when the tracker is ready; null for nothing. Default: the camera. */
  readonly source?: () => FrameSource | null;
  /** False stops the tracking and the source; the tracker stays loaded. Default true. */
  readonly enabled?: boolean;
}

export interface FaceTracker {
  /** 'loading' until the models are loaded, 'error' when they cannot be loaded or the tracking failed. */
  readonly status: 'loading' | 'ready' | 'error';
  /** Undefined until it is loaded. */
  readonly tracker: Tracker | undefined;
  /** Why the status is 'error'. */
  readonly error: unknown;
}

/**
 * Loads a tracker while the component is mounted, and tracks a source with it. Under StrictMode it is loaded once. Options of
 * the tracker are read when it is loaded; another number of faces, other assets or another provider load another tracker.
 */
export function useFaceTracker(options: FaceTrackerOptions = {}): FaceTracker {
  const { enabled = true } = options;
  const newest = useRef(options);
  useEffect(() => {
    newest.current = options;
  });
  const [state, setState] = useState<FaceTracker>(LOADING);
  const held = useRef<Held | undefined>(undefined);
  const key = JSON.stringify([
    options.assets,
    options.bundle,
    options.faces,
    options.provider,
    options.detector,
    options.threads,
  ]);

  useEffect(() => {
    const mine = hold(held.current, key, newest.current);
    held.current = mine;
    setState(LOADING);
    mine.tracker.then(
      (tracker) => mine.users > 0 && setState({ status: 'ready', tracker, error: undefined }),
      (error: unknown) => mine.users > 0 && setState({ status: 'error', tracker: undefined, error }),
    );
    return () => release(mine);
  }, [key]);

  const { tracker } = state;
  useEffect(() => {
    if (!tracker || !enabled) return;
    const { source = camera } = newest.current;
    const frames = source();
    if (!frames) return;
    const subscription = tracker.track(frames).subscribe({
      next: (result) => newest.current.onResult?.(result),
      error: (error: unknown) => setState({ status: 'error', tracker, error }),
    });
    return () => subscription.unsubscribe();
  }, [tracker, enabled]);
  return state;
}

const LOADING: FaceTracker = { status: 'loading', tracker: undefined, error: undefined };

/** A tracker that loads or is loaded, and how many effects use it. */
interface Held {
  readonly key: string;
  readonly tracker: Promise<Tracker>;
  readonly controller: AbortController;
  users: number;
}

/** The tracker of before, where it has the same options and was not closed; else another. */
function hold(before: Held | undefined, key: string, options: FaceTrackerOptions): Held {
  if (before?.key === key && !before.controller.signal.aborted) {
    before.users += 1;
    return before;
  }
  const { onResult, source, enabled, ...rest } = options;
  const controller = new AbortController();
  return { key, controller, users: 1, tracker: createTracker({ ...rest, signal: controller.signal }) };
}

/** StrictMode unmounts and mounts again at once: the tracker is closed only where nothing holds it in the next task. */
function release(held: Held): void {
  held.users -= 1;
  setTimeout(() => {
    if (held.users === 0) held.controller.abort();
  });
}
