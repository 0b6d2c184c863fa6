/**
 * The vocabulary of Peekaboo: types and constants.
 *
 * Pixels: x right, y down, the centre of the first pixel is (0, 0).
 * Space: millimetres, x to the subject's left, y up, z to the viewer, right-handed.
 */

import type { Expression, RestingFace } from './expression-names';

export * from './expression-names';

/** Seconds on the capture's own clock. */
export type Seconds = number;

/** Quaternion x, y, z, w of unit length. */
export type Quaternion = readonly [number, number, number, number];

export type Vector3 = readonly [number, number, number];

/** One frame of a source. Its owner closes `image`; ownership passes with the frame. */
export interface Frame {
  readonly image: VideoFrame | ImageBitmap;
  readonly time: Seconds;
  /** Counts the frames of its source, from 0. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Origin, for display: a camera's label or a file's name. */
  readonly source: string;
}

/** A rotated square of a frame, in frame pixels. `angle` in radians, clockwise on screen (y down). */
export interface Crop {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  readonly angle: number;
}

/** The model's origin in the frame's camera: x right, y up, z to the viewer; translation in millimetres. */
export interface Pose {
  readonly rotation: Quaternion;
  readonly translation: Vector3;
}

/**
 * The crop's own camera written in frame pixels: P = rotation · (V − origin),
 * k = scale·distance/(distance − P.z), u = centre.x + k·P.x, v = centre.y − k·P.y.
 * Content rendered with it coincides with the tracked pixels.
 */
export interface CropCamera {
  readonly rotation: Quaternion;
  readonly centre: readonly [number, number];
  /** Frame pixels per millimetre at the model's origin. */
  readonly scale: number;
  /** Millimetres. */
  readonly distance: number;
}

export const REGIONS = [
  'eyeLeft',
  'eyeRight',
  'browLeft',
  'browRight',
  'nose',
  'mouth',
  'jaw',
  'cheekLeft',
  'cheekRight',
  'forehead',
] as const;
/** A region of the face; left is the subject's left. */
export type Region = (typeof REGIONS)[number];

/** The face model's coefficients that fit the picture. A resting face never changes them. */
export interface Coefficients {
  /** 80, standard deviations. */
  readonly identity: Float32Array;
  /** 52, 0 to 1, order EXPRESSION_NAMES; as measured. */
  readonly expression: Float32Array;
  /** 10, standard deviations of the logarithm. */
  readonly albedo: Float32Array;
  /** 27 = 3 colours × 9 spherical harmonics, without the base on the constant term. */
  readonly light: Float32Array;
}

/**
 * Probabilities × 255, row by row, on a square with the crop's centre and angle. A cell is two crop pixels wide: a mask of
 * the crop has 96 × 96 cells, a wide mask more, around the same cells.
 */
export interface FaceMask {
  readonly width: number;
  readonly height: number;
  /** Side of the masked square in sides of the crop: 1 for the crop itself, 1.5 for a wide mask. */
  readonly extent: number;
  /** An object in front of the head. */
  readonly occluder: Uint8Array;
  /** Visible skin of the face. */
  readonly skin: Uint8Array;
  /** The person's own hair and headwear, also where it is no occluder; 0 where the bundle does not report it. */
  readonly own: Uint8Array;
}

/**
 * found: seen for the first time in this frame; tracked: seen again; held: covered or outside the frame, extrapolated by its
 * motion for up to a second. After that a face is lost: no longer listed.
 */
export type FaceState = 'found' | 'tracked' | 'held';

/** One tracked face as the worker sends it: plain data. */
export interface FaceData {
  readonly id: number;
  readonly state: FaceState;
  /** Probability that the crop shows a face, 0 to 1. */
  readonly presence: number;
  readonly pose: Pose;
  readonly camera: CropCamera;
  readonly coefficients: Coefficients;
  /** 68 × (x, y), frame pixels, iBUG order. With a landmark shift in the bundle, only the contour is on the mesh. */
  readonly landmarks68: Float32Array;
  /** 478 × (x, y, z), frame pixels, z grows away from the viewer; MediaPipe's order. With a landmark shift, near the mesh. */
  readonly landmarks478: Float32Array;
  readonly visibility: Readonly<Record<Region, number>>;
  readonly mask: FaceMask;
  readonly crop: Crop;
}

/** One tracked face. */
export interface Face extends FaceData {
  /**
   * 52 expressions, 0 to 1, order EXPRESSION_NAMES, relative to `restingFace`. Where that is null, they equal
   * `coefficients.expression`; else each is (c − rest) / (1 − rest) of it, at least 0. Use these to drive an avatar, and
   * the coefficients to draw the face model over the picture.
   */
  readonly expressionValues: Float32Array;
  /** The resting face that is subtracted from the expression; null where none is set. */
  readonly restingFace: RestingFace | null;
  /** `expressionValues` by ARKit's names; a view, not a copy. */
  readonly expression: Expression;
}

export type Provider = 'webgpu' | 'wasm';

/** Milliseconds per step of one frame. */
export interface Timings {
  readonly pixels: number;
  readonly detect: number;
  readonly crop: number;
  readonly focus: number;
  readonly decode: number;
  readonly smooth: number;
  readonly total: number;
}

/** What smoothing changes of a face, before smoothing, as the worker sends it. */
export interface RawFaceData extends Pick<FaceData, 'id' | 'pose' | 'camera'> {
  /** 52, 0 to 1, order EXPRESSION_NAMES; as measured. */
  readonly expressionValues: Float32Array;
}

/** What smoothing changes of a face, before smoothing. */
export interface RawFace extends RawFaceData {
  /** `expressionValues` by ARKit's names; a view, not a copy. */
  readonly expression: Expression;
}

/** A frame and the faces in it, largest first; empty without a face. */
export interface TrackedFrame {
  readonly frame: Frame;
  readonly faces: readonly Face[];
  /** The same faces before smoothing, in the same order; undefined unless requested (`setRawFaces`) and smoothed. */
  readonly raw?: readonly RawFace[];
  readonly timings: Timings;
  readonly provider: Provider;
}
