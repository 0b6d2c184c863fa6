import { float32At } from '../face/at';
import { followCamera } from '../face/projection';
import { mapRegions } from '../face/regions';
import type { Crop, FaceData, FaceMask, Frame, Seconds } from '../face/types';
import { cropFromPoints, moveCrop } from '../focus/crop';
import type { CropView } from '../focus/crop-view';
import type { DecodedFace } from '../focus/decode';

/** The crop that a face's landmarks give, and the time of their frame. */
export interface TimedCrop {
  readonly crop: Crop;
  readonly time: Seconds;
}

/** Frame pixels per second. */
interface Motion {
  readonly x: number;
  readonly y: number;
}

/** One face over time. */
export interface Track {
  readonly id: number;
  /** Time of the frame in which it was found. */
  readonly born: Seconds;
  readonly last: TimedCrop;
  /** The crop before the last one; undefined after the first frame and after a miss. */
  readonly before: TimedCrop | undefined;
  /** Low-pass filtered motion of the crop. */
  readonly motion: Motion;
  /** The crop of the last inference, as a coarse picture; undefined before the first. */
  readonly view: CropView | undefined;
  /** Running mean of the identity coefficients. */
  readonly identity: Float32Array;
  /** Seen in the last frame. */
  readonly live: boolean;
  /** False until a frame has listed it. */
  readonly listed: boolean;
  /** The face when it was last seen. */
  readonly lastSeen: FaceData;
  /** The face now: `lastSeen`, or `lastSeen` moved to its expected position. */
  readonly face: FaceData;
}

/** Seconds for which a face is held that is not seen. */
export const HOLD = 1;
/** Seconds for which a face is expected to continue its motion. */
const FORESIGHT = 0.1;
/** Change of the crop from frame to frame that counts as jitter: sides of the crop, logarithm of its size, radians. */
const JITTER = 0.012;
/** Time constant with which the motion of a held face decays after that, s. */
const DRIFT = 0.15;
/** Time constant of the motion's low-pass filter, s. */
const MOTION_SPAN = 0.1;
/** Seconds for which a held face keeps its visibility (one inference may fail), and seconds in which it fades to hidden. */
const VISIBLE_FOR = 0.08;
const FADE = 0.12;
/** Largest speed of a held face, sides of its crop per second. */
const FASTEST = 3;
/** Weight of the newest inference in the running mean of the identity. */
const NEWEST = 0.15;

export function newTrack(id: number, decoded: DecodedFace, time: Seconds): Track {
  const face: FaceData = { ...decoded, id, state: 'found' };
  return {
    id,
    born: time,
    last: { crop: cropFromPoints(decoded.landmarks478), time },
    before: undefined,
    motion: { x: 0, y: 0 },
    view: undefined,
    identity: decoded.coefficients.identity,
    live: true,
    listed: false,
    lastSeen: face,
    face,
  };
}

/** The track after a frame in which its face was seen. */
export function continueTrack(track: Track, decoded: DecodedFace, time: Seconds): Track {
  const last = { crop: cropFromPoints(decoded.landmarks478), time };
  const face: FaceData = { ...decoded, id: track.id, state: track.listed ? 'tracked' : 'found' };
  return {
    ...track,
    last,
    before: track.live ? track.last : undefined,
    motion: track.live ? nextMotion(track, last) : { x: 0, y: 0 },
    identity: meanIdentity(track.identity, decoded.coefficients.identity),
    live: true,
    lastSeen: face,
    face,
  };
}

function meanIdentity(mean: Float32Array, newest: Float32Array): Float32Array {
  return mean.map((value, i) => value + NEWEST * (float32At(newest, i) - value));
}

/**
 * The track after a frame in which its face was not seen: the face as last seen, moved to its expected position, with the
 * presence of the failed inference. After a moment all regions count as hidden, in mask and visibility.
 */
export function holdTrack(track: Track, presence: number, time: Seconds): Track {
  const { lastSeen, last } = track;
  const held = heldCrop(track, time);
  const shown = movedFace(lastSeen, held.centreX - last.crop.centreX, held.centreY - last.crop.centreY);
  const share = Math.min(1, Math.max(0, (time - last.time - VISIBLE_FOR) / FADE));
  const hidden = share > 0 ? hiddenBy(lastSeen, share) : {};
  // NaN becomes 0: JSON cannot hold it.
  return { ...track, before: undefined, live: false, face: { ...shown, ...hidden, presence: presence || 0 } };
}

/** Mask and visibility with `share` of the way to completely hidden. */
function hiddenBy({ mask, visibility }: FaceData, share: number): Pick<FaceData, 'mask' | 'visibility'> {
  return {
    mask: hiddenMask(mask, share),
    visibility: mapRegions((region) => visibility[region] * (1 - share)),
  };
}

/**
 * The crop for the next inference: the last crop moved on by its motion up to `time`; unmoved where the clock runs back.
 * Jitter is not extrapolated: the crop would oscillate around a still face.
 */
export function expectedCrop(track: Track, time: Seconds): Crop {
  const { last, before, live } = track;
  if (!live) return heldCrop(track, time);
  if (!before || last.time <= before.time || time <= last.time) return last.crop;
  const onward = Math.min(time - last.time, FORESIGHT) / (last.time - before.time);
  return moveCrop(last.crop, before.crop, onward * motionShare(last.crop, before.crop));
}

/** Share of the change from one crop to the next that counts as motion, 0 to 1. */
function motionShare(now: Crop, then: Crop): number {
  const moved = Math.hypot(now.centreX - then.centreX, now.centreY - then.centreY) / now.side;
  const turned = Math.abs(Math.atan2(Math.sin(now.angle - then.angle), Math.cos(now.angle - then.angle)));
  const step = Math.max(moved, Math.abs(Math.log(now.side / then.side)), turned);
  return Math.min(1, Math.max(0, (step - JITTER) / JITTER));
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

function nextMotion({ last, motion, before }: Track, { crop, time }: TimedCrop): Motion {
  const seconds = time - last.time;
  if (!(seconds > 0)) return { x: 0, y: 0 };
  const weight = before ? 1 - Math.exp(-seconds / MOTION_SPAN) : 1;
  const step = (mean: number, way: number) => mean + weight * (way / seconds - mean);
  return {
    x: step(motion.x, crop.centreX - last.crop.centreX),
    y: step(motion.y, crop.centreY - last.crop.centreY),
  };
}

/** The face in state held, moved by (x, y) frame pixels. */
function movedFace(face: FaceData, x: number, y: number): FaceData {
  const { camera, crop } = face;
  const [cx, cy] = camera.centre;
  const movedCamera = { ...camera, centre: [cx + x, cy + y] as const };
  return {
    ...face,
    state: 'held',
    camera: movedCamera,
    pose: followCamera(face.pose, camera, movedCamera),
    landmarks68: movedPoints(face.landmarks68, 2, x, y),
    landmarks478: movedPoints(face.landmarks478, 3, x, y),
    crop: { ...crop, centreX: crop.centreX + x, centreY: crop.centreY + y },
  };
}

function movedPoints(points: Float32Array, stride: number, x: number, y: number): Float32Array {
  return points.map((value, i) => (i % stride === 0 ? value + x : i % stride === 1 ? value + y : value));
}

function hiddenMask({ occluder, skin, own, ...size }: FaceMask, share: number): FaceMask {
  const faded = (value: number) => Math.round(value * (1 - share));
  return {
    ...size,
    occluder: occluder.map((value) => Math.round(value + share * (255 - value))),
    skin: skin.map(faded),
    own: own.map(faded),
  };
}
