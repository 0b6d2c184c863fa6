import type { LandmarkModel } from '../face/landmark-model';
import type { FaceData, Seconds, TrackedFrame } from '../face/types';
import type { SmoothingSettings } from '../smoothing/settings';
import { createSmoothingLandmarks, type SmoothingLandmarks } from '../smoothing/smoothing-landmarks';
import { createMaskSteadier, type MaskSteadier } from '../smoothing/steady-mask';
import { smoothTwoSidedSteps, type TrackedFace } from '../smoothing/two-sided';
import { type ClipFace, type ClipFrame, ClipTracks } from './clip-tracks';
import { packMask } from './packed-mask';

export interface TrackClipOptions {
  readonly landmarks: LandmarkModel;
  readonly smoothing?: Partial<SmoothingSettings>;
  /** Ends the tracking with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each frame with its time. */
  readonly onFrame?: (time: Seconds) => void;
}

/**
 * Collects every frame of a file and smooths the faces with knowledge of what follows (`smoothTwoSided`). `tracked`: the
 * unsmoothed results, in order. A frame's picture is closed by its source.
 */
export async function trackClip(
  tracked: AsyncIterable<TrackedFrame>,
  { landmarks, smoothing, signal, onFrame }: TrackClipOptions,
): Promise<ClipTracks> {
  const steadiers = new Map<number, MaskSteadier>();
  const frames: ClipFrame[] = [];
  for await (const { frame, faces } of tracked) {
    signal?.throwIfAborted();
    const { time, width, height } = frame;
    frames.push({ time, width, height, faces: faces.map((face) => clipFace(face, time, steadiers)) });
    for (const id of steadiers.keys()) if (!faces.some((face) => face.id === id)) steadiers.delete(id);
    onFrame?.(time);
  }
  signal?.throwIfAborted();
  const own = createSmoothingLandmarks(landmarks);
  return new ClipTracks(await smoothFrames(frames, own, { ...(smoothing ? { smoothing } : {}), signal }), landmarks);
}

function clipFace(face: FaceData, time: Seconds, steadiers: Map<number, MaskSteadier>): ClipFace {
  const steadier = steadiers.get(face.id) ?? createMaskSteadier();
  steadiers.set(face.id, steadier);
  if (face.state === 'found') steadier.reset();
  const { id, state, presence, pose, camera, coefficients, visibility, crop } = face;
  const kept: TrackedFace = { id, state, presence, pose, camera, coefficients, visibility, crop };
  return { face: kept, mask: packMask(steadier.step(face, time)) };
}

/** One face over time. */
interface Track {
  readonly times: Seconds[];
  readonly faces: TrackedFace[];
  readonly sources: ClipFace[];
}

function tracksOf(frames: readonly ClipFrame[]): Iterable<Track> {
  const tracks = new Map<number, Track>();
  for (const { time, faces } of frames) {
    for (const source of faces) {
      const track = tracks.get(source.face.id) ?? { times: [], faces: [], sources: [] };
      tracks.set(source.face.id, track);
      track.times.push(time);
      track.faces.push(source.face);
      track.sources.push(source);
    }
  }
  return tracks.values();
}

interface SmoothOptions {
  readonly smoothing?: Partial<SmoothingSettings>;
  readonly signal: AbortSignal | undefined;
}

async function smoothFrames(
  frames: readonly ClipFrame[],
  landmarks: SmoothingLandmarks,
  { signal, ...settings }: SmoothOptions,
): Promise<ClipFrame[]> {
  const smooth = new Map<ClipFace, TrackedFace>();
  for (const { times, faces, sources } of tracksOf(frames)) {
    const results = await inPieces(smoothTwoSidedSteps({ times, faces }, { landmarks, ...settings }), signal);
    results.forEach((face, i) => {
      const source = sources[i];
      if (source) smooth.set(source, face);
    });
  }
  return frames.map((frame) => ({
    ...frame,
    faces: frame.faces.map((source) => ({ ...source, face: smooth.get(source) ?? source.face })),
  }));
}

/** Milliseconds of work after which the page may react. */
const PIECE = 30;

/** Runs the steps with pauses in which the page stays responsive. Rejects with the signal's reason. */
async function inPieces<T>(steps: Generator<void, T, void>, signal: AbortSignal | undefined): Promise<T> {
  let started = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - started < PIECE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    started = performance.now();
  }
}
