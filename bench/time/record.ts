import { Subject } from 'rxjs';
import { sampleClipFrames } from '../../src/capture/sample-clip';
import type { Frame, TrackedFrame } from '../../src/face/types';
import type { Tracker } from '../../src/index';
import type { Rival } from '../rival/rival';
import type { TruthClip, TruthFace } from '../truth/clip';
import { type RecordedFrame, type RecordedTruth, type Recording, recordFace, rounded } from './recording';

/** Tracks one stream frame by frame and closes each frame. */
export function followFrames(tracker: Tracker) {
  const frames = new Subject<Frame>();
  let settle: { resolve(tracked: TrackedFrame): void; reject(reason: unknown): void } | undefined;
  const following = tracker.trackEvery(frames, { keepFrames: true }).subscribe({
    next: (tracked) => {
      tracked.frame.image.close();
      settle?.resolve(tracked);
    },
    error: (reason) => settle?.reject(reason),
  });
  return {
    look: (frame: Frame) =>
      new Promise<TrackedFrame>((resolve, reject) => {
        settle = { resolve, reject };
        frames.next(frame);
      }),
    end: () => following.unsubscribe(),
  };
}

/** Gap between two clips on the rival's clock, milliseconds, after which it starts again. */
const GAP = 10_000;
let rivalClock = 0;

/** Renders a clip and records the output of tracker and rival for each frame. */
export async function recordClip(clip: TruthClip, tracker: Tracker, rival: Rival | undefined): Promise<Recording> {
  const { width, height, seed } = clip.settings;
  const stream = followFrames(tracker);
  const frames: RecordedFrame[] = [];
  rivalClock += GAP;
  try {
    for (let truth = clip.next(); truth; truth = clip.next()) {
      const { index, time, picture } = truth;
      const image = new VideoFrame(picture.data, {
        format: 'RGBA',
        codedWidth: width,
        codedHeight: height,
        timestamp: Math.round(time * 1e6),
      });
      const { faces } = await stream.look({ image, time, index, width, height, source: clip.script.name });
      const other = new ImageData(picture.data, width, height);
      frames.push({
        time,
        truth: truth.faces.map(recordTruth),
        faces: faces.map(recordFace),
        rival: await rivalPoints(rival, await createImageBitmap(other), rivalClock + time * 1000),
      });
    }
  } finally {
    stream.end();
  }
  rivalClock += GAP;
  return { clip: clip.script.name, seed, width, height, frames };
}

/** Records the sample clip, which has no ground truth. */
export async function recordSample(tracker: Tracker, rival: Rival | undefined, count: number): Promise<Recording> {
  const stream = followFrames(tracker);
  const frames: RecordedFrame[] = [];
  let size = { width: 0, height: 0 };
  rivalClock += GAP;
  try {
    for await (const frame of sampleClipFrames()) {
      const bitmap = await createImageBitmap(frame.image);
      size = { width: frame.width, height: frame.height };
      const { faces } = await stream.look(frame);
      const points = await rivalPoints(rival, bitmap, rivalClock + frame.time * 1000);
      frames.push({ time: frame.time, truth: [], faces: faces.map(recordFace), rival: points });
      if (frames.length >= count) break;
    }
  } finally {
    stream.end();
  }
  rivalClock += GAP + 60_000;
  return { clip: 'sample', seed: 0, ...size, frames };
}

/** Takes ownership of the picture. */
async function rivalPoints(
  rival: Rival | undefined,
  image: ImageBitmap,
  milliseconds: number,
): Promise<number[] | null> {
  const { width, height } = image;
  if (!rival) {
    image.close();
    return null;
  }
  const { points } = await rival.look(image, milliseconds, true);
  return points ? rounded(points.map((value, i) => value * (i % 2 ? height : width) - 0.5)) : null;
}

function recordTruth({ pose, coefficients, visibility, visible, landmarks478 }: TruthFace): RecordedTruth {
  return {
    pose,
    expression: rounded(coefficients.expression),
    visibility,
    visible,
    points: rounded(landmarks478),
  };
}
