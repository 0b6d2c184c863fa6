import { at, byteAt, float32At, uint16At } from '../../face/at';
import { type FaceModel, PART_NAMES } from '../../face/face-model';
import { createPointSet, type SurfacePoints, vertexPoints } from '../../face/point-set';
import type { Vector3 } from '../../face/types';

/** Positions of a head's features, in its own units and axes: x to its left, y up, z forward. */
export interface HeadMeasure {
  /** Midpoint between the eyes. */
  readonly eyes: Vector3;
  readonly eyeDistance: number;
  /** Vertical distance from the eyes to the mouth. */
  readonly mouthDrop: number;
  /** Horizontal distance from the middle to the widest part at the height of the eyes. */
  readonly halfWidth: number;
}

/** The avatar is larger than the head by this factor, so that it covers it. */
const COVER = 1.1;

/** Millimetres per unit of the avatar: its face gets the size of the fitted one, and its head covers the fitted head. */
export function avatarScale(fitted: HeadMeasure, avatar: HeadMeasure): number {
  const eyes = fitted.eyeDistance / avatar.eyeDistance;
  const mouth = fitted.mouthDrop / avatar.mouthDrop;
  return COVER * Math.max(Math.sqrt(eyes * mouth), fitted.halfWidth / avatar.halfWidth);
}

/** Points of MediaPipe's face mesh: corners of the right and the left eye, inner lips. */
const EYE_CORNERS = [33, 133, 263, 362];
const LIPS = [13, 14];
/** Millimetres above and below the eyes within which the width is measured. */
const BAND = 45;

/** Measures fitted heads by their identity alone, so that a face's scale does not change with its expression. */
export class FittedHead {
  readonly #points;
  readonly #places: Float32Array;
  readonly #neutral = new Float32Array(52);

  constructor(model: FaceModel) {
    const marks = [...EYE_CORNERS, ...LIPS];
    this.#points = createPointSet(model, [meshPoints(model, marks), vertexPoints(widest(model))]);
    this.#places = new Float32Array(3 * this.#points.count);
  }

  /** In the face model's coordinates, mm. */
  measure(identity: Float32Array): HeadMeasure {
    const places = this.#points.evaluate(identity, this.#neutral, this.#places);
    const mean = (from: number, count: number, axis: number) => {
      let sum = 0;
      for (let i = from; i < from + count; i++) sum += float32At(places, 3 * i + axis);
      return sum / count;
    };
    const eyes: Vector3 = [mean(0, 4, 0), mean(0, 4, 1), mean(0, 4, 2)];
    return {
      eyes,
      eyeDistance: Math.abs(mean(2, 2, 0) - mean(0, 2, 0)),
      mouthDrop: eyes[1] - mean(4, 2, 1),
      halfWidth: Math.abs(float32At(places, 18) - float32At(places, 21)) / 2,
    };
  }
}

function meshPoints({ mediapipeTriangles, mediapipeBarycentric }: FaceModel, points: readonly number[]): SurfacePoints {
  const of = (values: ArrayLike<number>) => points.flatMap((p) => [0, 1, 2].map((i) => at(values, 3 * p + i)));
  return { triangles: of(mediapipeTriangles), weights: of(mediapipeBarycentric) };
}

/** The leftmost and the rightmost skin vertex at the height of the eyes. */
function widest({ mean, part, vertexCount, landmarks68 }: FaceModel): [number, number] {
  const level = float32At(mean, 3 * uint16At(landmarks68, 36) + 1);
  const skin = [PART_NAMES.indexOf('face'), PART_NAMES.indexOf('head')];
  let left = 0;
  let right = 0;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (!skin.includes(byteAt(part, vertex)) || Math.abs(float32At(mean, 3 * vertex + 1) - level) > BAND) continue;
    if (float32At(mean, 3 * vertex) > float32At(mean, 3 * left)) left = vertex;
    if (float32At(mean, 3 * vertex) < float32At(mean, 3 * right)) right = vertex;
  }
  return [left, right];
}
