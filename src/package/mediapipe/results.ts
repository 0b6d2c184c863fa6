import { EXPRESSION_NAMES, type Face, type FaceModel, facePose, occlusionMask, type Region } from '../../library';
import type { Classifications, Matrix, NormalizedLandmark } from './types';

/** MediaPipe's result, with the visibility of each face's regions and the mask of what is in front of the faces. */
export interface FaceLandmarkerResult {
  /** For each face, 478 landmarks. */
  readonly faceLandmarks: NormalizedLandmark[][];
  /** For each face, `_neutral` and 51 blend shapes, where requested. */
  readonly faceBlendshapes: Classifications[];
  /** For each face, its pose in centimetres, where requested. */
  readonly facialTransformationMatrixes: Matrix[];
  /** For each face, the visible share of each region, 0 to 1. */
  readonly visibility: readonly Readonly<Record<Region, number>>[];
  /** A canvas of the picture's size, opaque white where an object is in front of a face; drawn when it is read. */
  readonly occlusionMask: OffscreenCanvas;
}

/** Which optional parts a result has. */
export interface Parts {
  readonly outputFaceBlendshapes?: boolean | undefined;
  readonly outputFacialTransformationMatrixes?: boolean | undefined;
}

/** MediaPipe's blend shapes: alphabetical, after `_neutral`, and without the tongue. */
const BLENDSHAPES = EXPRESSION_NAMES.filter((name) => name !== 'tongueOut').sort();
/** The tip of the nose, among the 478 landmarks and in MediaPipe's canonical face, centimetres. */
const NOSE_TIP = 1;
const CANONICAL_NOSE_TIP = [0, -1.126865, 7.475604] as const;

/** The faces of a picture in MediaPipe's form. */
export function resultOf(
  faces: readonly Face[],
  size: { readonly width: number; readonly height: number },
  model: FaceModel,
  parts: Parts,
): FaceLandmarkerResult {
  return {
    faceLandmarks: faces.map((face) => landmarks(face, size)),
    faceBlendshapes: parts.outputFaceBlendshapes ? faces.map(blendshapes) : [],
    facialTransformationMatrixes: parts.outputFacialTransformationMatrixes
      ? faces.map((face) => transformation(face, model))
      : [],
    visibility: faces.map(({ visibility }) => visibility),
    get occlusionMask() {
      return occlusionMask({ frame: size, faces });
    },
  };
}

/** Normalised to the picture; z has the scale of x and is 0 in the middle of the head, as in MediaPipe. */
function landmarks({ landmarks478 }: Face, { width, height }: { readonly width: number; readonly height: number }) {
  return Array.from({ length: 478 }, (_, i) => {
    const [x = 0, y = 0, z = 0] = landmarks478.subarray(3 * i, 3 * i + 3);
    return { x: (x + 0.5) / width, y: (y + 0.5) / height, z: z / width, visibility: 0 };
  });
}

function blendshapes({ expression }: Face): Classifications {
  const named = [['_neutral', 0] as const, ...BLENDSHAPES.map((name) => [name, expression[name]] as const)];
  const categories = named.map(([categoryName, score], index) => ({ index, score, categoryName, displayName: '' }));
  return { categories, headIndex: -1, headName: '' };
}

/** From MediaPipe's canonical face to the camera, column by column, centimetres; the tips of the noses coincide. */
function transformation(face: Face, model: FaceModel): Matrix {
  const data = [...facePose(face)].map((value, i) => (i >= 12 && i < 15 ? value / 10 : value));
  const nose = noseTip(model);
  const move = nose.map((value, i) => value / 10 - (CANONICAL_NOSE_TIP[i] ?? 0));
  for (let row = 0; row < 3; row++) {
    const moved = move.reduce((sum, value, column) => sum + (data[4 * column + row] ?? 0) * value, 0);
    data[12 + row] = (data[12 + row] ?? 0) + moved;
  }
  return { rows: 4, columns: 4, data };
}

const noseTips = new WeakMap<FaceModel, readonly number[]>();

/** The mean face's tip of the nose relative to the origin, mm. */
function noseTip(model: FaceModel): readonly number[] {
  const known = noseTips.get(model);
  if (known) return known;
  const corners = [...model.mediapipeTriangles.subarray(3 * NOSE_TIP, 3 * NOSE_TIP + 3)];
  const weights = model.mediapipeBarycentric.subarray(3 * NOSE_TIP, 3 * NOSE_TIP + 3);
  const tip = model.origin.map((origin, axis) =>
    corners.reduce((sum, vertex, i) => sum + (weights[i] ?? 0) * (model.mean[3 * vertex + axis] ?? 0), -origin),
  );
  noseTips.set(model, tip);
  return tip;
}
