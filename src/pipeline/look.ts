import type { Crop, Frame } from '../face/types';
import { resampleCrop } from '../focus/crop';
import type { DecodedFace, Decoder } from '../focus/decode';
import { type Mirror, meanOutput } from '../focus/mirror';
import type { NetworkOutput } from '../focus/session';
import { type Box, type PixelReader, wholeBox } from './pixels';
import type { Stopwatch } from './stopwatch';

/** Pixels around the crop's corners that its resampling may touch, per pixel that falls into one of the crop's. */
const MARGIN = 2;

/** What the network sees in one crop of a frame. */
export type Look = (frame: Frame, crop: Crop) => Promise<DecodedFace>;

/** The same crop looked at once, or as it is and mirrored. */
export interface Looks {
  readonly look: Look;
  /** The mean of two runs: steadier where nothing was seen before. */
  readonly lookBothWays: Look;
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
  const look =
    (see: () => Promise<NetworkOutput>): Look =>
    async (frame, crop) => {
      const box = cropBox(crop, size, frame.width, frame.height);
      const pixels = await watch.timeAsync('pixels', () => reader.read(frame.image, box));
      const inBlock = { ...crop, centreX: crop.centreX - pixels.left, centreY: crop.centreY - pixels.top };
      watch.time('crop', () => resampleCrop(pixels, inBlock, input));
      const output = await see();
      return watch.time('decode', () => decoder.decode(output, crop, frame.width, frame.height));
    };
  return {
    look: look(() => focus(input)),
    lookBothWays: look(async () => {
      mirror.image(input, size, mirrored);
      const plain = await focus(input);
      return meanOutput(plain, mirror.output(await focus(mirrored)));
    }),
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
