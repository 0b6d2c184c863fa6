import type { Face, FaceMask } from '../../src/face/types';
import { createTracker, type Tracker } from '../../src/index';
import type { Picture } from '../truth/picture';
import { HEIGHT, MASK_CLIPS, type MaskClip, type MaskFrame, maskFrames, WIDTH } from './clips';
import { type MaskProbe, openMaskProbe } from './mask-probe';
import { countMask, flicker, hullRegion, type MaskCounts, type MaskFigures, maskFigures } from './measure';
import { createRoughMasks } from './rough';
import { followClip } from './track';

export interface MaskBenchOptions {
  /** Address of the bundle's folder. */
  readonly bundle: string;
  readonly engine: 'webgl' | 'webgpu';
  /** Frames of each clip, and of those the first ones that are not measured: they settle track and masks. */
  readonly frames: number;
  readonly warmUp: number;
  /** Only clips whose name holds one of these words. */
  readonly words?: readonly string[];
}

/** Figures of one clip with one kind of mask; `flicker` × 255, of still clips only. */
export interface MaskResult {
  readonly clip: string;
  readonly mask: MaskKind;
  readonly frames: number;
  readonly unsharpened: MaskFigures & { readonly flicker?: number };
  readonly sharpened: MaskFigures & { readonly flicker?: number };
}

export interface MaskBenchResult {
  readonly results: readonly MaskResult[];
  /** Milliseconds a picture: the occluder alone, without and with sharpening. */
  readonly milliseconds: { readonly unsharpened: number; readonly sharpened: number };
}

/** The network's own, smoothed as on the page, or of the truth, made rough. */
const KINDS = ['network', 'rough'] as const;
export type MaskKind = (typeof KINDS)[number];

/** Pictures drawn for the time. */
const TIMED = 30;

/** Renders clips with ground truth through the compositor, with and without sharpening, and measures both. */
export async function benchMasks(options: MaskBenchOptions): Promise<MaskBenchResult> {
  const tracker = await createTracker({ bundle: options.bundle, provider: 'wasm', smooth: true });
  const results: MaskResult[] = [];
  let milliseconds = { unsharpened: 0, sharpened: 0 };
  try {
    for (const clip of MASK_CLIPS) {
      if (options.words && !options.words.some((word) => clip.name.includes(word))) continue;
      const frames = await trackClip(tracker, clip, options);
      for (const kind of KINDS) results.push(await measureClip(clip, frames, kind, options));
      milliseconds = results.length === KINDS.length ? await timeDrawing(frames.at(-1), options) : milliseconds;
    }
  } finally {
    await tracker.close();
  }
  return { results, milliseconds };
}

interface TrackedClipFrame extends MaskFrame {
  readonly face: Face;
  readonly masks: Readonly<Record<MaskKind, FaceMask>>;
  /** Where the face is: things in front of it count there only. */
  readonly region: Uint8Array;
}

async function trackClip(tracker: Tracker, clip: MaskClip, { frames }: MaskBenchOptions): Promise<TrackedClipFrame[]> {
  const follower = followClip(tracker);
  const rough = createRoughMasks(9);
  const out: TrackedClipFrame[] = [];
  for await (const frame of maskFrames(clip, tracker.faceModel, frames)) {
    const face = await follower.look(frame);
    if (!face) continue;
    const masks = { network: face.mask, rough: rough(frame.truth, WIDTH, HEIGHT, face.crop, frame.time) };
    out.push({ ...frame, face, masks, region: hullRegion(face.landmarks478, 3, WIDTH, HEIGHT) });
  }
  follower.close();
  return out;
}

async function measureClip(
  clip: MaskClip,
  frames: readonly TrackedClipFrame[],
  kind: MaskKind,
  options: MaskBenchOptions,
): Promise<MaskResult> {
  const figures = async (sharpen: boolean) => {
    const probe = await openMaskProbe(options.engine, { width: WIDTH, height: HEIGHT }, sharpen);
    try {
      return await drawClip(probe, clip, frames, kind, options.warmUp);
    } finally {
      probe.dispose();
    }
  };
  const count = Math.max(0, frames.length - options.warmUp);
  return {
    clip: clip.name,
    mask: kind,
    frames: count,
    unsharpened: await figures(false),
    sharpened: await figures(true),
  };
}

async function drawClip(
  probe: MaskProbe,
  clip: MaskClip,
  frames: readonly TrackedClipFrame[],
  kind: MaskKind,
  warmUp: number,
): Promise<MaskFigures & { readonly flicker?: number }> {
  const counts: MaskCounts[] = [];
  const changes: number[] = [];
  let before: Uint8Array | undefined;
  for (const [i, { picture, face, masks, truth, region }] of frames.entries()) {
    const mask = await probe.draw(imageData(picture), face, masks[kind]);
    if (i >= warmUp) {
      counts.push(countMask(mask, truth, region, WIDTH));
      if (before) changes.push(flicker(before, mask, truth, region, WIDTH));
    }
    before = mask;
  }
  const figures = maskFigures(counts);
  if (!clip.still) return figures;
  return { ...figures, flicker: changes.reduce((sum, change) => sum + change, 0) / Math.max(1, changes.length) };
}

async function timeDrawing(frame: TrackedClipFrame | undefined, { engine }: MaskBenchOptions) {
  if (!frame) return { unsharpened: 0, sharpened: 0 };
  const time = async (sharpen: boolean) => {
    const probe = await openMaskProbe(engine, { width: WIDTH, height: HEIGHT }, sharpen);
    try {
      return await probe.time(imageData(frame.picture), frame.face, frame.masks.rough, TIMED);
    } finally {
      probe.dispose();
    }
  };
  return { unsharpened: await time(false), sharpened: await time(true) };
}

function imageData({ data, width, height }: Picture): ImageData {
  return new ImageData(data, width, height);
}
