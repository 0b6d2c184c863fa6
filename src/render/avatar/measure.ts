import { type FaceModel, PART_NAMES } from '../../face/face-model';
import { createPointSet, type SurfacePoints, vertexPoints } from '../../face/point-set';
import type { Vector3 } from '../../face/types';

/** Where a head's features lie, in its own units and axes: x to its left, y up, z to where it looks. */
export interface HeadMeasure {
  /** Between the eyes. */
  readonly eyes: Vector3;
  readonly eyeDistance: number;
  /** From the eyes down to the mouth. */
  readonly mouthDrop: number;
  /** From the middle to the widest part beside the eyes. */
  readonly halfWidth: number;
}

/** The avatar is drawn a little larger than the head it stands for, so that it covers it. */
const COVER = 1.1;

/** Millimetres per unit of the avatar, so that its face is as large as the fitted one and its head covers the other. */
export function avatarScale(fitted: HeadMeasure, avatar: HeadMeasure): number {
  const eyes = fitted.eyeDistance / avatar.eyeDistance;
  const mouth = fitted.mouthDrop / avatar.mouthDrop;
  return COVER * Math.max(Math.sqrt(eyes * mouth), fitted.halfWidth / avatar.halfWidth);
}

/** Points of MediaPipe's face mesh: corners of the right and the left eye, lips where they meet. */
const EYE_CORNERS = [33, 133, 263, 362];
const LIPS = [13, 14];
/** Millimetres above and below the eyes within which a head is measured across. */
const BAND = 45;

/** Measures fitted heads by their identity alone, so that a face's scale does not change with its expression. */
export class FittedHead {
  readonly #points;
  readonly #at: Float32Array;
  readonly #neutral = new Float32Array(52);

  constructor(model: FaceModel) {
    const marks = [...EYE_CORNERS, ...LIPS];
    this.#points = createPointSet(model, [meshPoints(model, marks), vertexPoints(widest(model))]);
    this.#at = new Float32Array(3 * this.#points.count);
  }

  /** In the face model's coordinates, mm. */
  measure(identity: Float32Array): HeadMeasure {
    const at = this.#points.evaluate(identity, this.#neutral, this.#at);
    const mean = (from: number, count: number, axis: number) => {
      let sum = 0;
      for (let i = from; i < from + count; i++) sum += at[3 * i + axis] ?? 0;
      return sum / count;
    };
    const eyes: Vector3 = [mean(0, 4, 0), mean(0, 4, 1), mean(0, 4, 2)];
    return {
      eyes,
      eyeDistance: Math.abs(mean(2, 2, 0) - mean(0, 2, 0)),
      mouthDrop: eyes[1] - mean(4, 2, 1),
      halfWidth: Math.abs((at[18] ?? 0) - (at[21] ?? 0)) / 2,
    };
  }
}

function meshPoints({ mediapipeTriangles, mediapipeBarycentric }: FaceModel, points: readonly number[]): SurfacePoints {
  const of = (values: ArrayLike<number>) => points.flatMap((p) => [0, 1, 2].map((i) => values[3 * p + i] ?? 0));
  return { triangles: of(mediapipeTriangles), weights: of(mediapipeBarycentric) };
}

/** The vertices of the skin that lie farthest to the left and to the right beside the eyes. */
function widest({ mean, part, vertexCount, landmarks68 }: FaceModel): [number, number] {
  const level = mean[3 * (landmarks68[36] ?? 0) + 1] ?? 0;
  const skin = [PART_NAMES.indexOf('face'), PART_NAMES.indexOf('head')];
  let left = 0;
  let right = 0;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (!skin.includes(part[vertex] ?? 0) || Math.abs((mean[3 * vertex + 1] ?? 0) - level) > BAND) continue;
    if ((mean[3 * vertex] ?? 0) > (mean[3 * left] ?? 0)) left = vertex;
    if ((mean[3 * vertex] ?? 0) < (mean[3 * right] ?? 0)) right = vertex;
  }
  return [left, right];
}
