import { float32At } from '../face/at';
import type { Crop, Frame } from '../face/types';
import { CROP_MARGIN, resampleCrop } from '../focus/crop';
import { type CropView, cropView } from '../focus/crop-view';
import type { DecodedFace, Decoder } from '../focus/decode';
import { readMask } from '../focus/mask';
import { type Mirror, meanOutput } from '../focus/mirror';
import type { NetworkOutput } from '../focus/session';
import { type CropShift, shiftCrop, unshiftOutput } from '../focus/shift-crop';
import { type WidePass, wideSquare } from '../focus/wide-mask';
import { createBufferPool } from './buffer-pool';
import { type Box, type PixelReader, wholeBox } from './pixels';
import type { Stopwatch } from './stopwatch';

/** Pixels around the crop that its resampling may read, per frame pixel that falls into one crop pixel. */
const MARGIN = 2;

/** Runs the network on one crop of a frame and decodes the result. */
export type InferCrop = (frame: Frame, crop: Crop) => Promise<DecodedFace>;

/**
 * The additional crops of `inferMultiCrop`: shifted by 4 and 12 crop pixels in both directions. The network finds landmarks
 * in cells of 8 pixels; a shift by an odd number of half cells changes how the picture falls into them.
 */
export const SHIFTS: readonly CropShift[] = [
  [2, 2],
  [-6, -6],
];

/**
 * The crops that verify a face: rotated (radians), enlarged (factor), and shifted along both axes of the frame (sides). The
 * first two decide in clear cases.
 */
const VIEWS = [
  { turn: 0.35, grow: 1, shift: 0 },
  { turn: -0.35, grow: 1, shift: 0 },
  { turn: 0, grow: 1.25, shift: 0 },
  { turn: 0, grow: 1, shift: -0.1 },
  { turn: 0, grow: 1, shift: 0.1 },
] as const;
const FIRST_VIEWS = 2;
/** Confidence after the first views from which, and below which, the others are left out. */
const CLEAR_FACE = 0.8;
const CLEARLY_NONE = 0;
/** Loss of confidence per unit of deviation. */
const DEVIATION_COST = 12;

export interface TrackedInference {
  readonly decoded: DecodedFace;
  readonly view: CropView;
}

/** The kinds of inference on a crop, by the number of network runs. */
export interface CropInference {
  /** One run. */
  readonly inferCrop: InferCrop;
  /** One run, for tracked faces: the face, and the view of the crop, from which cuts are detected. */
  readonly inferTracked: (frame: Frame, crop: Crop) => Promise<TrackedInference>;
  /** Two runs, mirrored test-time augmentation: the mean of the crop and its mirror image. For new faces. */
  readonly inferMirrored: InferCrop;
  /**
   * Six runs, multi-crop test-time augmentation: the mean of the crop and those of `SHIFTS`, each mirrored as well. For
   * stills (docs/decisions/0006-three-crops.md).
   */
  readonly inferMultiCrop: InferCrop;
  /**
   * Two to five runs: compares a result of `inferMirrored` with the results of other crops. The confidence that it is a face,
   * at most 1: the mean presence minus 12 times the deviation, which is the mean distance of the landmarks as a share of
   * their box. The network repeats its landmarks on faces only (docs/decisions/0011-verified-faces.md).
   */
  readonly verifyFace: (frame: Frame, face: DecodedFace) => Promise<number>;
}

/** One run on the wide crop around a crop, of which only the mask is decoded. */
export type InferWideMask = (frame: Frame, crop: Crop) => Promise<WidePass>;

export interface CropInferenceDependencies {
  readonly reader: PixelReader;
  /** The network on 3 × size × size RGB. */
  readonly run: (image: Float32Array) => Promise<NetworkOutput>;
  readonly decoder: Pick<Decoder, 'decode'>;
  readonly mirror: Mirror;
  /** Side of the network's input, pixels. */
  readonly size: number;
  readonly watch: Stopwatch;
}

/** Pixels, crop, network and decoder, each timed by the stopwatch. Calls may overlap: each has its own input. */
export function createCropInference(
  dependencies: CropInferenceDependencies,
): CropInference & { readonly inferWideMask: InferWideMask } {
  const { decoder, watch } = dependencies;
  const { runOnce, runViewed, runMirrored } = createCropRuns(dependencies);
  const runShifted = async (frame: Frame, crop: Crop, shift: CropShift) =>
    unshiftOutput(await runMirrored(frame, shiftCrop(crop, shift)), shift);
  const decode = (output: NetworkOutput, { width, height }: Frame, crop: Crop) =>
    watch.time('decode', () => decoder.decode(output, crop, width, height));
  const inferCrop: InferCrop = async (frame, crop) => decode(await runOnce(frame, crop), frame, crop);
  return {
    inferCrop,
    async inferTracked(frame, crop) {
      const { output, view } = await runViewed(frame, crop);
      return { decoded: decode(output, frame, crop), view };
    },
    inferMirrored: async (frame, crop) => decode(await runMirrored(frame, crop), frame, crop),
    async inferMultiCrop(frame, crop) {
      const outputs: [NetworkOutput, ...NetworkOutput[]] = [await runShifted(frame, crop, [0, 0])];
      for (const shift of SHIFTS) outputs.push(await runShifted(frame, crop, shift));
      return decode(meanOutput(outputs), frame, crop);
    },
    async verifyFace(frame, face) {
      // The result is the mean of two runs.
      let presence = 2 * face.presence;
      let deviation = 0;
      let confidence = 0;
      for (const [i, view] of VIEWS.entries()) {
        const seen = await inferCrop(frame, viewOf(face.crop, view));
        presence += seen.presence;
        deviation += (CROP_MARGIN * landmarkDistance(face, seen)) / face.crop.side;
        confidence = presence / (i + 3) - (DEVIATION_COST * deviation) / (i + 1);
        if (i + 1 === FIRST_VIEWS && !(confidence >= CLEARLY_NONE && confidence < CLEAR_FACE)) break;
      }
      return confidence;
    },
    async inferWideMask(frame, crop) {
      const square = wideSquare(crop);
      const { mask } = await runOnce(frame, square);
      return { square, mask: watch.time('decode', () => readMask(mask)) };
    },
  };
}

function viewOf({ centreX, centreY, side, angle }: Crop, { turn, grow, shift }: (typeof VIEWS)[number]): Crop {
  const moved = shift * side;
  return { centreX: centreX + moved, centreY: centreY + moved, side: grow * side, angle: angle + turn };
}

/** Mean distance of two faces' landmarks, frame pixels. */
function landmarkDistance({ landmarks478: a }: DecodedFace, { landmarks478: b }: DecodedFace): number {
  let sum = 0;
  for (let i = 0; i + 1 < a.length; i += 3) {
    sum += Math.hypot(float32At(a, i) - float32At(b, i), float32At(a, i + 1) - float32At(b, i + 1));
  }
  return sum / (a.length / 3);
}

/** Runs the network on a crop, once, or on the crop and its mirror image. */
function createCropRuns({ reader, run, mirror, size, watch }: CropInferenceDependencies) {
  const length = 3 * size * size;
  const inputs = createBufferPool((count) => new Float32Array(count));
  /** Lends an input to `work` until its promise settles. */
  const useInput = async <T>(work: (input: Float32Array) => Promise<T>): Promise<T> => {
    const { buffer, release } = inputs.borrow(length);
    try {
      return await work(buffer.subarray(0, length));
    } finally {
      release();
    }
  };
  const runTimed = (image: Float32Array) => watch.timeAsync('focus', () => run(image));
  const resample = async (frame: Frame, crop: Crop, input: Float32Array): Promise<void> => {
    const box = cropBox(crop, size, frame.width, frame.height);
    const pixels = await watch.timeAsync('pixels', () => reader.read(frame.image, box));
    try {
      const inBlock = { ...crop, centreX: crop.centreX - pixels.left, centreY: crop.centreY - pixels.top };
      watch.time('crop', () => resampleCrop(pixels, inBlock, input));
    } finally {
      pixels.release();
    }
  };
  return {
    runOnce: (frame: Frame, crop: Crop) =>
      useInput(async (input) => {
        await resample(frame, crop, input);
        return runTimed(input);
      }),
    runViewed: (frame: Frame, crop: Crop) =>
      useInput(async (input) => {
        await resample(frame, crop, input);
        const view = cropView(input, size);
        return { output: await runTimed(input), view };
      }),
    runMirrored: (frame: Frame, crop: Crop) =>
      useInput(async (input) => {
        await resample(frame, crop, input);
        const plain = await runTimed(input);
        const mirrored = await useInput((image) => runTimed(mirror.image(input, size, image)));
        return meanOutput([plain, mirror.output(mirrored)]);
      }),
  };
}

/** The box of a picture that a crop covers, on whole pixels, at least one pixel; outside, the border pixel repeats. */
export function cropBox(crop: Crop, size: number, width: number, height: number): Box {
  const extent = Math.abs(Math.cos(crop.angle)) + Math.abs(Math.sin(crop.angle));
  const half = (crop.side / 2) * extent + MARGIN * Math.max(1, crop.side / size);
  const [x, right] = span(crop.centreX, half, width);
  const [y, bottom] = span(crop.centreY, half, height);
  if (right - x <= 0 || bottom - y <= 0) return wholeBox(width, height);
  return { x, y, width: right - x, height: bottom - y };
}

/** First pixel and one past the last pixel within ± half of the centre, inside 0 to length. */
function span(centre: number, half: number, length: number): [number, number] {
  const first = Math.min(Math.max(Math.floor(centre - half), 0), length - 1);
  const end = Math.min(Math.max(Math.ceil(centre + half) + 1, first + 1), length);
  return [first, end];
}
