import { float32At } from '../face/at';
import type { Crop, Seconds } from '../face/types';
import { type CropView, viewCorrelation } from '../focus/crop-view';
import type { DecodedFace } from '../focus/decode';
import { expectedCrop, type Track } from './track';

/** Overlap of two crops (intersection over union) from which two new faces, or a new and a tracked one, are the same. */
const SAME = 0.4;
/** The same for two tracked faces, which may come close: one in front of the other. */
export const SAME_TRACKED = 0.6;

/** Intersection over union of two crops, both without their rotation. */
export function overlap(a: Crop, b: Crop): number {
  const width = shared(a.centreX, a.side, b.centreX, b.side);
  const height = shared(a.centreY, a.side, b.centreY, b.side);
  const both = width * height;
  return both / (a.side ** 2 + b.side ** 2 - both);
}

/** Distance of the centres of two crops, as a share of the larger side, below which one is a part of the other. */
const INSIDE = 0.25;

/** Whether two crops of new faces show the same face, or one a part of the other's. */
export function isSameFace(a: Crop, b: Crop): boolean {
  const distance = Math.hypot(a.centreX - b.centreX, a.centreY - b.centreY);
  return distance < INSIDE * Math.max(a.side, b.side) || overlap(a, b) > SAME;
}

function shared(a: number, sideA: number, b: number, sideB: number): number {
  return Math.max(0, Math.min(a + sideA / 2, b + sideB / 2) - Math.max(a - sideA / 2, b - sideB / 2));
}

/** Largest distance of a returning face from its expected position: sides of its crop, plus sides per second of absence. */
const REACH = 0.8;
const REACH_GAIN = 2;
/** Natural logarithm of the largest change of its size. */
const SIZE = Math.log(1.6);
/**
 * Largest distance of two identities, standard deviations. Inferences on one person are 1.5 from their mean, 4.5 in the
 * worst 5 % (a webcam clip with turns, grimaces and covers); different people are 3.6 to 6.8 apart.
 */
const IDENTITY = 5;

/**
 * Cost of associating a face found at `crop` with a track: 0 where it is as expected, infinite where it must be somebody
 * else.
 */
export function associationCost(track: Track, decoded: DecodedFace, crop: Crop, time: Seconds): number {
  const expected = expectedCrop(track, time);
  const way = Math.hypot(crop.centreX - expected.centreX, crop.centreY - expected.centreY) / expected.side;
  const reach = REACH + REACH_GAIN * Math.max(0, time - track.last.time);
  const size = Math.abs(Math.log(crop.side / expected.side));
  const identity = identityDistance(track, decoded);
  if (way > reach || size > SIZE || identity > IDENTITY) return Number.POSITIVE_INFINITY;
  return way / reach + size / SIZE + (2 * identity) / IDENTITY;
}

/** Distance of identities below which a face that appears elsewhere is the same person. */
const SAME_PERSON = 2.5;
/** Distance of identities above which a tracked face is another person, where the picture has changed too. */
const OTHER_PERSON = 3.5;
/**
 * Correlation of the crops of two successive frames below which the picture was cut. A hand or an object that covers up to
 * 65 % of the face from one frame to the next leaves 0.69 or more; 90 % of cuts give less than 0.37.
 */
const CUT = 0.45;

/** Whether the picture was cut between a track's last inference and this one, so that the track ends. */
export function isCut(track: Track, view: CropView, decoded: DecodedFace, isSeen: boolean): boolean {
  if (!track.view || viewCorrelation(track.view, view) >= CUT) return false;
  return !isSeen || identityDistance(track, decoded) > OTHER_PERSON;
}

export function isSamePerson(track: Track, decoded: DecodedFace): boolean {
  return identityDistance(track, decoded) < SAME_PERSON;
}

function identityDistance({ identity }: Track, { coefficients }: DecodedFace): number {
  return Math.sqrt(identity.reduce((sum, value, i) => sum + (value - float32At(coefficients.identity, i)) ** 2, 0));
}
