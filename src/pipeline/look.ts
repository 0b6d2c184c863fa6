import type { Crop, Frame } from '../face/types';
import { resampleCrop } from '../focus/crop';
import type { DecodedFace, Decoder } from '../focus/decode';
import type { NetworkOutput } from '../focus/session';
import { type Box, type PixelReader, wholeBox } from './pixels';
import type { Stopwatch } from './stopwatch';

/** Pixels around the crop's corners that its resampling may touch, per pixel that falls into one of the crop's. */
const MARGIN = 2;

/** Looks at one crop of a frame: pixels, crop, network, decoding, each on the stopwatch. The input is reused. */
export function createLook(
  reader: PixelReader,
  run: (image: Float32Array) => Promise<NetworkOutput>,
  decoder: Decoder,
  size: number,
  watch: Stopwatch,
): (frame: Frame, crop: Crop) => Promise<DecodedFace> {
  const input = new Float32Array(3 * size * size);
  return async (frame, crop) => {
    const box = cropBox(crop, size, frame.width, frame.height);
    const pixels = await watch.timeAsync('pixels', () => reader.read(frame.image, box));
    const inBlock = { ...crop, centreX: crop.centreX - pixels.left, centreY: crop.centreY - pixels.top };
    watch.time('crop', () => resampleCrop(pixels, inBlock, input));
    const output = await watch.timeAsync('focus', () => run(input));
    return watch.time('decode', () => decoder.decode(output, crop, frame.width, frame.height));
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
