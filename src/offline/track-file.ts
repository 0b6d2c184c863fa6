import { videoFileFrames } from '../capture/video-file';
import type { FaceModel } from '../face/face-model';
import { createLandmarkModel, type LandmarkModel } from '../face/landmark-model';
import { parseLandmarkShift } from '../face/landmark-shift';
import { createTracker, type Tracker, type TrackerOptions } from '../index';
import type { ClipTracks } from './clip-tracks';
import { type TrackClipOptions, trackClip } from './track-clip';

export interface TrackFileOptions
  extends Required<Pick<TrackerOptions, 'bundle' | 'provider' | 'faces'>>,
    Pick<TrackerOptions, 'threads' | 'verticalFov'>,
    Omit<TrackClipOptions, 'landmarks'> {
  /** Called with a sentence for each part of the file that cannot be decoded. */
  readonly onFault?: (message: string) => void;
}

/** The faces of a file and what draws them. */
export interface TrackedFile {
  readonly tracks: ClipTracks;
  readonly faceModel: FaceModel;
}

/** Threads of the network while nothing else runs. */
export function idleThreads(cores = navigator.hardwareConcurrency): number {
  return Math.min(4, Math.max(1, cores));
}

/**
 * Tracks every frame of a video file with a tracker of its own. Masks are wide, so that the result fits any content.
 * Rejects with VideoReadError, TrackerError, or the signal's reason.
 */
export async function trackFile(clip: Blob, name: string, options: TrackFileOptions): Promise<TrackedFile> {
  const { bundle, provider, faces, threads = idleThreads(), verticalFov, onFault, signal, ...rest } = options;
  const tracker = await createTracker({
    ...{ bundle, provider, faces, threads, smooth: false, wideMasks: true },
    ...(verticalFov ? { verticalFov } : {}),
    ...(signal ? { signal } : {}),
  });
  try {
    const landmarks = await landmarkModelOf(tracker, bundle);
    const frames = videoFileFrames(clip, { name, ...(onFault ? { onFault } : {}) });
    const tracks = await trackClip(tracker.trackEvery(frames), { ...rest, ...(signal ? { signal } : {}), landmarks });
    return { tracks, faceModel: tracker.faceModel };
  } catch (error) {
    // An abort closes the tracker, which ends its stream with another error.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await tracker.close();
  }
}

/** The landmark model of the tracker's bundle; `bundle` is its folder, with a slash at the end. */
export async function landmarkModelOf(
  { faceModel, manifest }: Pick<Tracker, 'faceModel' | 'manifest'>,
  bundle: string,
): Promise<LandmarkModel> {
  const file = manifest.files.landmarkShift;
  if (!file || !manifest.landmarkShift) return createLandmarkModel(faceModel);
  const response = await fetch(bundle + file);
  if (!response.ok) throw new Error(`${bundle}${file} cannot be loaded (HTTP ${response.status}). Reload the page.`);
  return createLandmarkModel(faceModel, parseLandmarkShift(await response.arrayBuffer(), manifest.landmarkShift.rank));
}
