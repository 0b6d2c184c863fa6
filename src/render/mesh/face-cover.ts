import { float32At } from '../../face/at';
import { type FaceModel, PART_NAMES } from '../../face/face-model';
import { outerBorder, surfaceDistance } from './surface-distance';

/** Distances in mm from the points of MediaPipe's face mesh, which end at the face oval: the face fades out between them. */
const FADE_FROM = 8;
const FADE_TO = 22;
/** Distance in mm from the mesh's border over which it fades in. */
const BORDER = 14;
/** Number of points of the face mesh; the points after them lie on the irises. */
const MESH_POINTS = 468;
/** Standard deviation of a part's albedo below which it has one placeholder colour. */
const PLAIN = 0.01;

const FACE = PART_NAMES.indexOf('face');
const HEAD = PART_NAMES.indexOf('head');
const EYES: readonly number[] = [PART_NAMES.indexOf('eyeLeft'), PART_NAMES.indexOf('eyeRight')];

/**
 * Opacity of the surface at each vertex: 1 on the face, fading to 0 at its oval; the rest of the head only hides what
 * is behind it. With `inner`, eyes, teeth and mouth are drawn too. Eyes without an iris are left open, so that the
 * person's own eyes are visible.
 */
export function coverWeights(model: FaceModel, inner: boolean): Float32Array {
  const oval = new Set(model.mediapipeTriangles.subarray(0, 3 * MESH_POINTS));
  const fromOval = surfaceDistance(model, oval, FADE_TO);
  const fromBorder = surfaceDistance(model, outerBorder(model), BORDER);
  const cover = new Float32Array(model.vertexCount);
  const open = new Set(EYES.filter((part) => isPlain(model, part)));
  for (let vertex = 0; vertex < cover.length; vertex++) {
    const part = model.part[vertex] ?? HEAD;
    if (part === FACE || part === HEAD) {
      const inside = smooth((FADE_TO - float32At(fromOval, vertex)) / (FADE_TO - FADE_FROM));
      cover[vertex] = inside * smooth(float32At(fromBorder, vertex) / BORDER);
    } else if (inner && !open.has(part)) cover[vertex] = 1;
  }
  return cover;
}

function smooth(ratio: number): number {
  const t = Math.min(Math.max(ratio, 0), 1);
  return t * t * (3 - 2 * t);
}

function isPlain({ albedoMean, part, vertexCount }: FaceModel, wanted: number): boolean {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (part[vertex] !== wanted) continue;
    const green = float32At(albedoMean, 3 * vertex + 1);
    count++;
    sum += green;
    squares += green * green;
  }
  const mean = sum / Math.max(count, 1);
  return squares / Math.max(count, 1) - mean * mean < PLAIN * PLAIN;
}
