import { AssetError } from '../../assets/asset-error';
import type { Pixels } from '../../focus/crop';
import type { QuarterTurns, Range } from '../search/detection-areas';
import { type SmallPixels, shrink, turnPixels } from '../shrink';
import type { Detection, DetectorKind, DetectorOptions, FaceModel } from './detection';
import { hasWebGl } from './has-webgl';
import { openMediaPipeModel } from './mediapipe-model';
import { openOnnxModel } from './onnx-model';

export interface Detector {
  readonly kind: DetectorKind;
  /**
   * Faces in a picture that is turned before, in pixels of the unturned picture; highest score first. The model of the full
   * range is loaded on first use.
   */
  detect(picture: Pixels, range: Range, turns: QuarterTurns): Promise<readonly Detection[]>;
}

/** How detectors open; doubles in tests. */
export interface DetectorParts {
  readonly hasWebGl: () => boolean;
  readonly mediapipe: (options: DetectorOptions) => FaceModel;
  readonly onnx: (options: DetectorOptions) => FaceModel;
}

const PARTS: DetectorParts = { hasWebGl, mediapipe: openMediaPipeModel, onnx: openOnnxModel };

/** The detectors use 128 or 192 pixels per side; pictures are reduced to no less than this on their long side. */
const ENOUGH = 384;

/** The first run builds the graph; no frame should wait for it. */
const FIRST: SmallPixels = { data: new Uint8ClampedArray(64 * 64 * 4), width: 64, height: 64 };

/**
 * Loads the short-range detector. 'auto' selects MediaPipe where the worker has WebGL and MediaPipe runs, otherwise
 * onnxruntime-web, also when MediaPipe fails later. Throws AssetError with the address of a file that cannot be loaded.
 */
export async function openDetector(options: DetectorOptions, parts = PARTS): Promise<Detector> {
  let kind: DetectorKind = options.detector === 'auto' ? (parts.hasWebGl() ? 'mediapipe' : 'onnx') : options.detector;
  let find = parts[kind](options);
  const detectSmall: FaceModel = async (picture, range) => {
    const used = kind;
    try {
      return await find(picture, range);
    } catch (reason) {
      const replaceable = options.detector === 'auto' && used === 'mediapipe' && !(reason instanceof AssetError);
      if (!replaceable) throw reason;
      if (kind === used) {
        kind = 'onnx';
        find = parts.onnx(options);
      }
      return find(picture, range);
    }
  };
  await detectSmall(FIRST, 'short');
  return {
    get kind() {
      return kind;
    },
    async detect(picture, range, turns) {
      const factor = Math.max(1, Math.floor(Math.max(picture.width, picture.height) / ENOUGH));
      const small = turnPixels(shrink(picture, factor), turns);
      const found = await detectSmall(small, range);
      const reduction = { factor, turns, width: small.width, height: small.height };
      return found.map((detection) => original(detection, reduction));
    },
  };
}

/** Size of the reduced and turned picture, and how it was made. */
interface Reduction {
  readonly factor: number;
  readonly turns: QuarterTurns;
  readonly width: number;
  readonly height: number;
}

/** Converts from the reduced and turned picture, from its corner, to pixel centres of the original. */
function original(found: Detection, reduction: Reduction): Detection {
  const { factor, turns } = reduction;
  const point = (x: number, y: number): [number, number] => {
    const [u, v] = unturn(x, y, reduction);
    return [u * factor - 0.5, v * factor - 0.5];
  };
  const [width, height] = turns % 2 === 0 ? [found.width, found.height] : [found.height, found.width];
  const [centreX, centreY] = point(found.x + found.width / 2, found.y + found.height / 2);
  return {
    x: centreX - (width * factor) / 2,
    y: centreY - (height * factor) / 2,
    width: width * factor,
    height: height * factor,
    rightEye: point(...found.rightEye),
    leftEye: point(...found.leftEye),
    score: found.score,
  };
}

/** A point of the turned picture (width × height) in the unturned one, both from the picture's corner. */
function unturn(x: number, y: number, { turns, width, height }: Reduction): readonly [number, number] {
  if (turns === 1) return [height - y, x];
  if (turns === 2) return [width - x, height - y];
  return turns === 3 ? [y, width - x] : [x, y];
}
