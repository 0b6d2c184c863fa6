import { float32At } from './at';
import type { FaceModel } from './face-model';
import {
  createLandmarkShifter,
  createPointShifter,
  type LandmarkShift,
  type LandmarkShifter,
  type PointShifter,
} from './landmark-shift';
import { createPointSet, landmarks68Points, landmarks478Points, type PointSet, selectPoints } from './point-set';
import { projectPoints } from './projection';
import type { Coefficients, CropCamera, Vector3 } from './types';

export interface Landmarks {
  /** 68 × (x, y), frame pixels, iBUG order. */
  readonly landmarks68: Float32Array;
  /** 478 × (x, y, z), frame pixels, z grows away from the viewer, 0 at the origin; MediaPipe's order. */
  readonly landmarks478: Float32Array;
}

/** The coefficients that landmarks depend on. */
export type Shape = Pick<Coefficients, 'identity' | 'expression'>;

/** Evaluates landmarks. It keeps the last identity's part of the points, so use one for each person. */
export interface LandmarkEvaluator {
  /** All landmarks as `camera` projects them, shifted to MediaPipe's positions where the model has a shift. New arrays. */
  landmarks(shape: Shape, camera: CropCamera): Landmarks;
}

/** Evaluates a selection of the 478 landmarks, at a fraction of the cost. Use one for each person. */
export interface SelectionEvaluator {
  /** The selected landmarks, n × (x, y, z), frame pixels. Valid until the next call. */
  evaluate(shape: Shape, camera: CropCamera): Float32Array;
}

/** The 68 + 478 landmarks of a face model, with the landmark shift of its bundle. */
export interface LandmarkModel {
  readonly origin: Vector3;
  /** The 68 points, then the 478, on the mesh. */
  readonly points: PointSet;
  /** What moves the landmarks to MediaPipe's positions; undefined where the bundle has no shift. */
  readonly shiftLandmarks: LandmarkShifter | undefined;
  newEvaluator(): LandmarkEvaluator;
  /** `selected`: indices of the 478. The basis of the selection is gathered here; the evaluators share it. */
  select(selected: readonly number[]): { newEvaluator(): SelectionEvaluator };
}

export function createLandmarkModel(model: FaceModel, shift?: LandmarkShift): LandmarkModel {
  const { origin } = model;
  const points = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
  const shiftLandmarks = shift && createLandmarkShifter(shift);
  return {
    origin,
    points,
    shiftLandmarks,
    newEvaluator() {
      const evaluatePoints = createPersonPoints(points);
      return {
        landmarks(shape, camera) {
          const landmarks = projectLandmarks(evaluatePoints(shape), origin, camera);
          shiftLandmarks?.(shape, camera, landmarks.landmarks68, landmarks.landmarks478);
          return landmarks;
        },
      };
    },
    select(selected) {
      const selection = createPointSet(model, [selectPoints(landmarks478Points(model), selected)]);
      const shifter = shift && createPointShifter(shift, selected);
      return { newEvaluator: () => createSelectionEvaluator(selection, origin, shifter) };
    },
  };
}

/** Projects the 68 + 478 points (model coordinates, mm) of `points` to new arrays. */
export function projectLandmarks(points: Float32Array, origin: Vector3, camera: CropCamera): Landmarks {
  const flat = points.subarray(0, 68 * 3);
  const deep = points.subarray(68 * 3);
  return {
    landmarks68: projectPoints(camera, origin, flat, new Float32Array(68 * 2)),
    landmarks478: projectPoints(camera, origin, deep, new Float32Array(478 * 3), true),
  };
}

function createSelectionEvaluator(selection: PointSet, origin: Vector3, shifter?: PointShifter): SelectionEvaluator {
  const evaluatePoints = createPersonPoints(selection);
  const pixels = new Float32Array(3 * selection.count);
  return {
    evaluate(shape, camera) {
      projectPoints(camera, origin, evaluatePoints(shape), pixels, true);
      shifter?.prepare(shape, camera);
      for (let i = 0; i < selection.count; i++) shifter?.move(pixels, 3 * i, i);
      return pixels;
    },
  };
}

/** Evaluates points (mm, model coordinates; valid until the next call) and repeats the identity's part only on a change. */
function createPersonPoints(points: PointSet): (shape: Shape) => Float32Array {
  const identity = new Float32Array(80).fill(Number.NaN);
  const neutral = new Float32Array(3 * points.count);
  const out = new Float32Array(3 * points.count);
  return (shape) => {
    if (!isEqual(identity, shape.identity)) {
      points.evaluateNeutral(shape.identity, neutral);
      identity.set(shape.identity);
    }
    return points.addExpression(neutral, shape.expression, out);
  };
}

function isEqual(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (float32At(a, i) !== float32At(b, i)) return false;
  return true;
}
