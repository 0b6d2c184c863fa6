import type { Crop, Frame } from '../face/types';
import { resampleCrop } from '../focus/crop';
import type { DecodedFace, Decoder } from '../focus/decode';
import { type Mirror, meanOutput } from '../focus/mirror';
import type { NetworkOutput } from '../focus/session';
import { type CropShift, shiftCrop, unshiftOutput } from '../focus/shift-crop';
import { type Box, type PixelReader, wholeBox } from './pixels';
import type { Stopwatch } from './stopwatch';

/** Pixels around the crop's corners that its resampling may touch, per pixel that falls into one of the crop's. */
const MARGIN = 2;

/** What the network sees in one crop of a frame. */
export type Look = (frame: Frame, crop: Crop) => Promise<DecodedFace>;

/**
 * The crops that `lookFromCrops` shows beside the crop itself: 4 and 12 of its pixels away both ways. The network finds
 * landmarks in cells of 8 pixels; by an odd number of half cells the picture falls into them otherwise.
 */
export const SHIFTS: readonly CropShift[] = [
  [2, 2],
  [-6, -6],
];

/** The ways to look at a crop, by how often the network runs. */
export interface Looks {
  /** Once. */
  readonly look: Look;
  /** Twice, as it is and mirrored, and the mean: steadier where nothing was seen before. */
  readonly lookBothWays: Look;
  /**
   * Both ways at the crop and those of `SHIFTS`, and the mean of all six: test-time augmentation, for pictures that have the
   * time (docs/decisions/0006-three-crops.md).
   */
  readonly lookFromCrops: Look;
}

/** Looks at one crop of a frame: pixels, crop, network, decoding, each on the stopwatch. The input is reused. */
export function createLooks(
  reader: PixelReader,
  run: (image: Float32Array) => Promise<NetworkOutput>,
  decoder: Decoder,
  mirror: Mirror,
  size: number,
  watch: Stopwatch,
): Looks {
  const input = new Float32Array(3 * size * size);
  const mirrored = new Float32Array(input.length);
  const focus = (image: Float32Array) => watch.timeAsync('focus', () => run(image));
  const show = async (frame: Frame, crop: Crop) => {
    const box = cropBox(crop, size, frame.width, frame.height);
    const pixels = await watch.timeAsync('pixels', () => reader.read(frame.image, box));
    const inBlock = { ...crop, centreX: crop.centreX - pixels.left, centreY: crop.centreY - pixels.top };
    watch.time('crop', () => resampleCrop(pixels, inBlock, input));
  };
  const once = () => focus(input);
  const bothWays = async () => {
    mirror.image(input, size, mirrored);
    const plain = await focus(input);
    return meanOutput([plain, mirror.output(await focus(mirrored))]);
  };
  const beside = async (frame: Frame, crop: Crop, shift: CropShift) => {
    await show(frame, shiftCrop(crop, shift));
    return unshiftOutput(await bothWays(), shift);
  };
  const decode = (output: NetworkOutput, frame: Frame, crop: Crop) =>
    watch.time('decode', () => decoder.decode(output, crop, frame.width, frame.height));
  const look =
    (see: () => Promise<NetworkOutput>): Look =>
    async (frame, crop) => {
      await show(frame, crop);
      return decode(await see(), frame, crop);
    };
  return {
    look: look(once),
    lookBothWays: look(bothWays),
    async lookFromCrops(frame, crop) {
      const said: [NetworkOutput, ...NetworkOutput[]] = [await beside(frame, crop, [0, 0])];
      for (const shift of SHIFTS) said.push(await beside(frame, crop, shift));
      return decode(meanOutput(said), frame, crop);
    },
  };
}

/** The part of a picture that a crop shows, on whole pixels, at least one pixel; outside the border pixel repeats. */
export function cropBox(crop: Crop, size: number, width: number, height: number): Box {
  const turned = Math.abs(Math.cos(crop.angle)) + Math.abs(Math.sin(crop.angle));
  const half = (crop.side / 2) * turned + MARGIN * Math.max(1, crop.side / size);
  const [x, right] = span(crop.centreX, half, width);
  const [y, bottom] = span(crop.centreY, half, height);
  if (right - x <= 0 || bottom - y <= 0) return wholeBox(width, height);
  return { x, y, width: right - x, height: bottom - y };
}

/** First pixel and the one after the last within ± half of the centre, inside 0 to length. */
function span(centre: number, half: number, length: number): [number, number] {
  const first = Math.min(Math.max(Math.floor(centre - half), 0), length - 1);
  const end = Math.min(Math.max(Math.ceil(centre + half) + 1, first + 1), length);
  return [first, end];
}
