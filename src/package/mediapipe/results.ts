import { EXPRESSION_NAMES, type Face, occlusionMask, type Region, type TrackedFrame } from '../../library';
import { transformationMatrix } from './transformation-matrix';
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
  /** Time of the frame to which the result belongs, milliseconds; -1 for pictures and before the first result. */
  readonly timestamp: number;
  /**
   * The tracker's own result, for example for `drawOcclusion`; only of `detectForVideo`. Its frame, the picture to which the
   * landmarks belong, is open until the next result.
   */
  readonly tracked?: TrackedFrame;
}

/** Which optional parts a result has. */
export interface Parts {
  readonly outputFaceBlendshapes?: boolean | undefined;
  readonly outputFacialTransformationMatrixes?: boolean | undefined;
}

/** MediaPipe's blend shapes: alphabetical, after `_neutral`, and without the tongue. */
const BLENDSHAPES = EXPRESSION_NAMES.filter((name) => name !== 'tongueOut').sort();

/** The faces of a picture in MediaPipe's form; `tracked`: the frame of a video to which they belong. */
export function resultOf(
  faces: readonly Face[],
  size: { readonly width: number; readonly height: number },
  parts: Parts,
  tracked?: TrackedFrame,
): FaceLandmarkerResult {
  const faceLandmarks = faces.map((face) => landmarks(face, size));
  return {
    faceLandmarks,
    faceBlendshapes: parts.outputFaceBlendshapes ? faces.map(blendshapes) : [],
    facialTransformationMatrixes: parts.outputFacialTransformationMatrixes
      ? faceLandmarks.map((points) => transformationMatrix(points, size))
      : [],
    visibility: faces.map(({ visibility }) => visibility),
    // Milliseconds that were given, without the rounding error of the seconds between.
    timestamp: tracked ? Math.round(tracked.frame.time * 1e6) / 1e3 : -1,
    ...(tracked ? { tracked } : {}),
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
