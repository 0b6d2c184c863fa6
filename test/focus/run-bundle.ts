import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { PNG } from 'pngjs';
import { parseFaceModel } from '../../src/face/face-model';
import { parseLandmarkShift } from '../../src/face/landmark-shift';
import { toMatrix } from '../../src/face/rotation';
import type { Crop } from '../../src/face/types';
import { resampleCrop } from '../../src/focus/crop';
import { createDecoder } from '../../src/focus/decode';
import { checkManifest } from '../../src/focus/manifest';
import { type NetworkOutput, readOutputs } from '../../src/focus/network-output';

/** A picture of 192 × 192 pixels that is its own crop. */
export const WHOLE: Crop = { centreX: 95.5, centreY: 95.5, side: 192, angle: 0 };

const bytes = (path: string): ArrayBuffer => Uint8Array.from(readFileSync(path)).buffer;

/** A bundle of the disk, ready to look at 192 × 192 PNGs, on onnxruntime's wasm as in the browser. */
export async function openBundle(folder: string) {
  const checked = checkManifest(JSON.parse(readFileSync(resolve(folder, 'manifest.json'), 'utf8')));
  if ('reason' in checked) throw new Error(checked.reason);
  const { manifest } = checked;
  const model = parseFaceModel(bytes(resolve(folder, manifest.files.faceModel)));
  const { landmarkShift } = manifest.files;
  const shift = landmarkShift
    ? parseLandmarkShift(bytes(resolve(folder, landmarkShift)), manifest.landmarkShift?.rank ?? 0)
    : undefined;
  const decoder = createDecoder(model, manifest, shift);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(bytes(resolve(folder, manifest.files.network))));
  return async (png: string) => {
    const { data, width, height } = PNG.sync.read(readFileSync(png));
    const pixels = { data: Uint8ClampedArray.from(data), width, height };
    const image = resampleCrop(pixels, WHOLE, new Float32Array(3 * 192 * 192));
    const output = readOutputs(await session.run({ image: new ort.Tensor('float32', image, [1, 3, 192, 192]) }));
    return { output, face: decoder.decode(output, WHOLE, 192, 192) };
  };
}

export type Look = Awaited<ReturnType<Awaited<ReturnType<typeof openBundle>>>>;

/** One case of a golden file. */
export interface GoldenCase {
  readonly name: string;
  readonly image: string;
  readonly outputs: Readonly<Record<string, number[]>>;
  readonly rotation: number[][];
  readonly points68: number[][];
  readonly points478: number[][];
}

/** Largest difference of two lists of numbers; of different lengths: infinite. */
export function worst(found: ArrayLike<number>, wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] as number))), 0);
}

/** How far a look is from its golden case: outputs by name, points in pixels, rotation matrix. */
export function compare({ output, face }: Look, wanted: GoldenCase, names: readonly (keyof NetworkOutput)[]) {
  return {
    outputs: Math.max(...names.map((name) => worst(output[name], wanted.outputs[name] ?? []))),
    points68: worst(face.landmarks68, wanted.points68.flat()),
    points478: worst(face.landmarks478, wanted.points478.flat()),
    rotation: worst(toMatrix(face.camera.rotation), wanted.rotation.flat()),
  };
}
