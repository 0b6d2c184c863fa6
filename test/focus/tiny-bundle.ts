import { createHash } from 'node:crypto';
import { EXPRESSION_NAMES, REGIONS } from '../../src/face/types';
import { checkManifest, type Manifest } from '../../src/focus/manifest';
import { tinyFaceModel } from '../face/tiny-face-model';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in any place
export type LooseManifest = any;

/** How the manifest says that a landmark shift of rank 1 is read. */
export const TINY_SHIFT = {
  points: 478,
  rank: 1,
  inputs: ['identity', 'expression', 'x', 'y', 'xx', 'xy', 'yy', '1'],
  unit: 'mm',
};

/** The same with a landmark shift of rank 1, all zeros but for one number; `spoil` changes the manifest. */
export function tinyShiftFiles(spoil: (manifest: LooseManifest) => void = () => {}): Record<string, Uint8Array> {
  const files = tinyBundleFiles();
  const numbers = new Uint16Array(138 + 2 * 478);
  numbers[3] = 0x3c00;
  const shift = new Uint8Array(numbers.buffer);
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json']));
  manifest.files.landmarkShift = 'landmark-shift.bin';
  manifest.landmarkShift = { ...TINY_SHIFT };
  manifest.sha256['landmark-shift.bin'] = sha256(shift);
  spoil(manifest);
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  return { ...files, 'manifest.json': text, 'landmark-shift.bin': shift };
}

/** The files of a bundle whose network is eight bytes. */
export function tinyBundleFiles(): Record<string, Uint8Array> {
  const network = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const faceModel = new Uint8Array(tinyFaceModel());
  const manifest = tinyManifestJson({ 'network.onnx': sha256(network), 'face-model.bin': sha256(faceModel) });
  return {
    'manifest.json': new TextEncoder().encode(JSON.stringify(manifest)),
    'network.onnx': network,
    'face-model.bin': faceModel,
  };
}

export function tinyManifestJson(sums: Record<string, string> = {}): LooseManifest {
  const output = (shape: number[], activation: string) => ({ shape, activation });
  return {
    format: 'peekaboo-bundle',
    version: 1,
    name: 'tiny',
    terms: 'for tests',
    files: { network: 'network.onnx', faceModel: 'face-model.bin' },
    input: { name: 'image', shape: [1, 3, 192, 192], channels: 'RGB', range: [0, 1] },
    outputs: {
      identity: output([1, 80], 'none'),
      expression: output([1, 52], 'sigmoid'),
      pose: { ...output([1, 9], 'none'), slices: { rotation6d: [0, 6], translation: [6, 8], logScale: [8, 9] } },
      albedo: output([1, 10], 'none'),
      light: output([1, 27], 'none'),
      presence: { ...output([1, 1], 'sigmoid'), threshold: 0.5 },
      mask: { ...output([1, 2, 96, 96], 'sigmoid'), channels: ['occluder', 'skin'] },
    },
    crop: { size: 192, centre: 95.5, scale: 1.5, maskCell: 2 },
    pose: { distance: 800, baseScale: 0.8, halfCrop: 96, axes: "x subject's left, y up, z to the viewer" },
    light: { base: 3.2, gamma: 2.2, order: '1 y z x xy yz 3zz-1 xz xx-yy' },
    expressionNames: [...EXPRESSION_NAMES],
    regionNames: [...REGIONS],
    figures: {},
    sha256: sums,
  };
}

export function tinyManifest(): Manifest {
  const checked = checkManifest(tinyManifestJson());
  if ('reason' in checked) throw new Error(checked.reason);
  return checked.manifest;
}
