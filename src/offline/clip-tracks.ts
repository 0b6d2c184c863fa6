import { faceOf } from '../face/expression';
import type { LandmarkEvaluator, LandmarkModel } from '../face/landmark-model';
import type { Face, Seconds } from '../face/types';
import type { TrackedFace } from '../smoothing/two-sided';
import { unpackMask } from './packed-mask';

/** A face of a clip with its mask as `packMask` writes it. */
export interface ClipFace {
  readonly face: TrackedFace;
  readonly mask: Uint8Array<ArrayBuffer>;
}

export interface ClipFrame {
  readonly time: Seconds;
  readonly width: number;
  readonly height: number;
  /** Largest first. */
  readonly faces: readonly ClipFace[];
}

/** Frames at most this far from the requested time are used, s: browsers round times. */
const TOLERANCE = 0.005;

/** The faces of all frames of a clip, about 5 kB per face. Landmarks and masks are computed on request. */
export class ClipTracks {
  readonly #evaluators = new Map<number, LandmarkEvaluator>();
  /** The faces that were requested last: a frame is drawn several times. */
  #last: { readonly index: number; readonly faces: readonly Face[] } | undefined;

  /** `frames` in order of time. `landmarks`: model of the bundle that tracked them. */
  constructor(
    readonly frames: readonly ClipFrame[],
    private readonly landmarks: LandmarkModel,
  ) {}

  /** The faces of frame `index`; none outside of the clip. */
  facesOf(index: number): readonly Face[] {
    if (this.#last?.index === index) return this.#last.faces;
    const faces = (this.frames[index]?.faces ?? []).map((face) => this.#face(face));
    this.#last = { index, faces };
    return faces;
  }

  /** The index of the frame that is shown at a time of the clip; -1 before the first. */
  indexAt(time: Seconds): number {
    const { frames } = this;
    let low = 0;
    let high = frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((frames[middle]?.time ?? 0) <= time + TOLERANCE) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #face({ face, mask }: ClipFace): Face {
    const evaluator = this.#evaluators.get(face.id) ?? this.landmarks.newEvaluator();
    this.#evaluators.set(face.id, evaluator);
    return faceOf({ ...face, ...evaluator.landmarks(face.coefficients, face.camera), mask: unpackMask(mask) });
  }
}
