import { float32At } from '../face/at';
import { followCamera } from '../face/projection';
import { type Crop, type FaceData, type FaceMask, type Frame, REGIONS, type Region, type Seconds } from '../face/types';
import { cropFromPoints, moveCrop } from '../focus/crop';
import type { DecodedFace } from '../focus/decode';

/** Where a face was seen, and when. */
export interface Sight {
  readonly crop: Crop;
  readonly time: Seconds;
}

/** Frame pixels a second. */
interface Motion {
  readonly x: number;
  readonly y: number;
}

/** One face through time. */
export interface Track {
  readonly id: number;
  /** When it was found. */
  readonly born: Seconds;
  readonly last: Sight;
  /** The sight before the last; undefined after the first one and after a miss. */
  readonly before: Sight | undefined;
  /** Steadier than the difference of two sights. */
  readonly motion: Motion;
  /** Running mean of the identity's coefficients. */
  readonly identity: Float32Array;
  /** Seen in the frame stepped last. */
  readonly live: boolean;
  /** False until a frame has listed it. */
  readonly listed: boolean;
  /** As seen last. */
  readonly sight: FaceData;
  /** As it stands now: the sight, or the sight carried on. */
  readonly face: FaceData;
}

/** Seconds a face is held that is not seen. */
export const HOLD = 1;
/** Seconds for which a head is expected to go on as it moved; after a longer gap nobody knows. */
const FORESIGHT = 0.1;
/** Sides of the crop a frame (also logarithms of its size, and radians) up to which a step is taken for trembling. */
const TREMBLING = 0.012;
/** Seconds in which the motion of a held face dies down after that. */
const DRIFT = 0.15;
/** Seconds over which a motion is averaged. */
const MOTION_SPAN = 0.1;
/** Seconds for which a held face counts as visible as it was: a look may fail. Then it is hidden, within so many more. */
const SEEN_ON = 0.08;
const FADE = 0.12;
/** A held face is carried by sides of its crop a second at most. */
const FASTEST = 3;
/** Weight of the newest look in the running identity. */
const NEWEST = 0.15;

export function newTrack(id: number, decoded: DecodedFace, time: Seconds): Track {
  const face: FaceData = { ...decoded, id, state: 'found' };
  return {
    id,
    born: time,
    last: { crop: cropFromPoints(decoded.landmarks478), time },
    before: undefined,
    motion: { x: 0, y: 0 },
    identity: decoded.coefficients.identity,
    live: true,
    listed: false,
    sight: face,
    face,
  };
}

/** The track with one more sight. */
export function seen(track: Track, decoded: DecodedFace, time: Seconds): Track {
  const last = { crop: cropFromPoints(decoded.landmarks478), time };
  const face: FaceData = { ...decoded, id: track.id, state: track.listed ? 'tracked' : 'found' };
  return {
    ...track,
    last,
    before: track.live ? track.last : undefined,
    motion: track.live ? nextMotion(track, last) : { x: 0, y: 0 },
    identity: track.identity.map((mean, i) => mean + NEWEST * (float32At(decoded.coefficients.identity, i) - mean)),
    live: true,
    sight: face,
    face,
  };
}

/**
 * The track without a sight: its face as seen last, carried to where it is expected. Nothing of the look that missed it is
 * taken but its presence. After a moment all of it counts as hidden, by mask and by visibility: nobody knows better.
 */
export function missed(track: Track, presence: number, time: Seconds): Track {
  const { sight, last } = track;
  const held = heldCrop(track, time);
  const shown = carried(sight, held.centreX - last.crop.centreX, held.centreY - last.crop.centreY);
  const share = Math.min(1, Math.max(0, (time - last.time - SEEN_ON) / FADE));
  const hidden =
    share > 0 ? { mask: hiddenMask(sight.mask, share), visibility: scaled(sight.visibility, 1 - share) } : {};
  // A presence that is no number says nothing; files could not hold it.
  return { ...track, before: undefined, live: false, face: { ...shown, ...hidden, presence: presence || 0 } };
}

/**
 * The crop to look at next: moved on by the motion so far, as far as the clock went on; unmoved where it ran back. What
 * is as small as the network's own trembling is not carried on: the crop would swing about a still face.
 */
export function expectedCrop(track: Track, time: Seconds): Crop {
  const { last, before, live } = track;
  if (!live) return heldCrop(track, time);
  if (!before || last.time <= before.time || time <= last.time) return last.crop;
  const onward = Math.min(time - last.time, FORESIGHT) / (last.time - before.time);
  return moveCrop(last.crop, before.crop, onward * trust(last.crop, before.crop));
}

/** How far a step from one crop to the next is believed to be motion, 0 to 1. */
function trust(now: Crop, then: Crop): number {
  const moved = Math.hypot(now.centreX - then.centreX, now.centreY - then.centreY) / now.side;
  const turned = Math.abs(Math.atan2(Math.sin(now.angle - then.angle), Math.cos(now.angle - then.angle)));
  const step = Math.max(moved, Math.abs(Math.log(now.side / then.side)), turned);
  return Math.min(1, Math.max(0, (step - TREMBLING) / TREMBLING));
}

/** False for a crop that has left the frame or shrunk to nothing. */
export function isInside({ centreX, centreY, side }: Crop, { width, height }: Frame): boolean {
  const margin = side / 4;
  const insideX = centreX > -margin && centreX < width + margin;
  const insideY = centreY > -margin && centreY < height + margin;
  return side >= 8 && side < 4 * Math.max(width, height) && insideX && insideY;
}

function heldCrop({ last, motion }: Track, time: Seconds): Crop {
  const seconds = Math.max(0, time - last.time);
  const onward = Math.min(seconds, FORESIGHT);
  const way = onward + DRIFT * (1 - Math.exp(-(seconds - onward) / DRIFT));
  const speed = Math.hypot(motion.x, motion.y) / last.crop.side;
  const gain = speed > FASTEST ? (way * FASTEST) / speed : way;
  return { ...last.crop, centreX: last.crop.centreX + gain * motion.x, centreY: last.crop.centreY + gain * motion.y };
}

function nextMotion({ last, motion, before }: Track, { crop, time }: Sight): Motion {
  const seconds = time - last.time;
  if (!(seconds > 0)) return { x: 0, y: 0 };
  const weight = before ? 1 - Math.exp(-seconds / MOTION_SPAN) : 1;
  const step = (mean: number, way: number) => mean + weight * (way / seconds - mean);
  return {
    x: step(motion.x, crop.centreX - last.crop.centreX),
    y: step(motion.y, crop.centreY - last.crop.centreY),
  };
}

/** A face moved across the frame. */
function carried(face: FaceData, x: number, y: number): FaceData {
  const { camera, crop } = face;
  const [cx, cy] = camera.centre;
  const movedCamera = { ...camera, centre: [cx + x, cy + y] as const };
  return {
    ...face,
    state: 'held',
    camera: movedCamera,
    pose: followCamera(face.pose, camera, movedCamera),
    landmarks68: moved(face.landmarks68, 2, x, y),
    landmarks478: moved(face.landmarks478, 3, x, y),
    crop: { ...crop, centreX: crop.centreX + x, centreY: crop.centreY + y },
  };
}

function moved(points: Float32Array, stride: number, x: number, y: number): Float32Array {
  return points.map((value, i) => (i % stride === 0 ? value + x : i % stride === 1 ? value + y : value));
}

/** A mask on its way to all hidden. */
function hiddenMask({ occluder, skin, ...size }: FaceMask, share: number): FaceMask {
  return {
    ...size,
    occluder: occluder.map((value) => Math.round(value + share * (255 - value))),
    skin: skin.map((value) => Math.round(value * (1 - share))),
  };
}

function scaled(visibility: FaceData['visibility'], gain: number): FaceData['visibility'] {
  const entries = REGIONS.map((region) => [region, visibility[region] * gain] as const);
  return Object.fromEntries(entries) as Record<Region, number>;
}
