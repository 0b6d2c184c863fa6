import type { FaceData, FaceMask, Frame, Seconds } from '../face/types';
import { hasOuterOccluder, joinMasks, padMask, touchesBorder, type WidePass } from '../focus/wide-mask';
import type { InferWideMask } from './infer-crop';

/** Extends the masks of a stream's faces to wide masks, with at most one wide pass per frame. */
export interface MaskWidener {
  widenMasks(frame: Frame, faces: readonly FaceData[]): Promise<FaceData[]>;
}

/** Seconds after which a face without an occluder at the border of its crop gets a wide pass again. */
const PROBE = 0.2;
/** Seconds for which a face gets wide passes after one showed an occluder around the crop. */
const NEAR = 0.5;
/** Seconds for which a wide pass is used: several faces take turns. */
const VALID = 0.3;

/** The last wide pass of one face. */
interface LastPass {
  readonly pass: WidePass;
  /** It shows an occluder around the crop. */
  readonly shows: boolean;
  readonly time: Seconds;
  /** When a wide pass last showed an occluder around the crop. */
  readonly near: Seconds;
}

export function createMaskWidener(infer: InferWideMask): MaskWidener {
  const passes = new Map<number, LastPass>();

  const runPass = async (frame: Frame, { id, crop }: FaceData): Promise<void> => {
    const pass = await infer(frame, crop);
    const shows = hasOuterOccluder(pass);
    const near = shows ? frame.time : (passes.get(id)?.near ?? Number.NEGATIVE_INFINITY);
    passes.set(id, { pass, shows, time: frame.time, near });
  };

  /** The face that needs a wide pass and has waited longest for it. */
  const nextFace = (faces: readonly FaceData[], time: Seconds): FaceData | undefined => {
    const last = ({ id }: FaceData) => passes.get(id)?.time ?? Number.NEGATIVE_INFINITY;
    const due = faces.filter((face) => face.state !== 'held' && isDue(face, passes.get(face.id), time));
    return due.sort((a, b) => last(a) - last(b))[0];
  };

  return {
    async widenMasks(frame, faces) {
      const { time } = frame;
      const listed = new Set(faces.map(({ id }) => id));
      // A clock that runs back makes all earlier passes useless.
      for (const [id, last] of passes) if (!listed.has(id) || last.time > time) passes.delete(id);
      const next = nextFace(faces, time);
      if (next) await runPass(frame, next);
      return faces.map((face) => ({ ...face, mask: widened(face, passes.get(face.id), time) }));
    },
  };
}

/** The faces of a still with wide masks: one wide pass each. */
export async function widenStillMasks(
  frame: Frame,
  faces: readonly FaceData[],
  infer: InferWideMask,
): Promise<FaceData[]> {
  const wide: FaceData[] = [];
  for (const face of faces) {
    const pass = await infer(frame, face.crop);
    wide.push({ ...face, mask: withPass(face, pass, hasOuterOccluder(pass)) });
  }
  return wide;
}

function isDue({ mask }: FaceData, last: LastPass | undefined, time: Seconds): boolean {
  return !last || time - last.time >= PROBE || time - last.near <= NEAR || touchesBorder(mask);
}

/** A held face was not seen: what its mask shows at the border continues outwards. */
function widened(face: FaceData, last: LastPass | undefined, time: Seconds): FaceMask {
  if (face.state === 'held') return padMask(face.mask, true);
  if (!last || time - last.time > VALID) return padMask(face.mask, false);
  return withPass(face, last.pass, last.shows);
}

/** Without an occluder at the border of the crop or around it, nothing is gained from the less accurate wide pass. */
function withPass({ mask, crop }: FaceData, pass: WidePass, shows: boolean): FaceMask {
  return shows || touchesBorder(mask) ? joinMasks(mask, crop, pass) : padMask(mask, false);
}
