import { float32At } from '../face/at';
import type { Crop, Seconds } from '../face/types';
import type { DecodedFace } from '../focus/decode';
import { expectedCrop, type Track } from './track';

/** Overlap of two crops (intersection over union) from which a find and a followed face are the same. */
export const SAME = 0.4;
/** The same for two followed faces, which may come close: one in front of the other. */
export const SAME_FOLLOWED = 0.6;

/** Intersection over union of two crops, both laid level. */
export function overlap(a: Crop, b: Crop): number {
  const width = shared(a.centreX, a.side, b.centreX, b.side);
  const height = shared(a.centreY, a.side, b.centreY, b.side);
  const both = width * height;
  return both / (a.side ** 2 + b.side ** 2 - both);
}

function shared(a: number, sideA: number, b: number, sideB: number): number {
  return Math.max(0, Math.min(a + sideA / 2, b + sideB / 2) - Math.max(a - sideA / 2, b - sideB / 2));
}

/** How far from its expected place a face may come back: sides of its crop at once, and a second of absence. */
const REACH = 0.8;
const REACH_GAIN = 2;
/** Natural logarithm of the most that its size may have changed. */
const SIZE = Math.log(1.6);
/**
 * Distance of two faces' identity coefficients, standard deviations. One person's looks lie 1.5 from their mean and 4.5
 * in the worst twentieth (a webcam clip with turns, grimaces and covers); different people's lie 3.6 to 6.8 apart.
 */
const IDENTITY = 5;

/**
 * How little a face seen at `crop` fits what is expected of a track: 0 is as expected, infinite is somebody else. The
 * same weights tell which of two tracks a face belongs to.
 */
export function misfit(track: Track, decoded: DecodedFace, crop: Crop, time: Seconds): number {
  const expected = expectedCrop(track, time);
  const way = Math.hypot(crop.centreX - expected.centreX, crop.centreY - expected.centreY) / expected.side;
  const reach = REACH + REACH_GAIN * Math.max(0, time - track.last.time);
  const size = Math.abs(Math.log(crop.side / expected.side));
  const identity = distance(track.identity, decoded.coefficients.identity);
  if (way > reach || size > SIZE || identity > IDENTITY) return Number.POSITIVE_INFINITY;
  return way / reach + size / SIZE + (2 * identity) / IDENTITY;
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - float32At(b, i)) ** 2, 0));
}
