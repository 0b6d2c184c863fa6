import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { parseFaceModel } from '../../src/face/face-model';
import { resampleCrop } from '../../src/focus/crop';
import { createDecoder } from '../../src/focus/decode';
import { checkManifest } from '../../src/focus/manifest';
import { readOutputs } from '../../src/focus/network-output';

/** Development bundle, kept outside the project; these tests are for whoever has it. */
const material = resolve(import.meta.dirname, '../../../shared/trial');
const bundle = resolve(import.meta.dirname, '../../public/models/trial');
const present = existsSync(resolve(material, 'golden.json')) && existsSync(resolve(bundle, 'manifest.json'));

const bytes = (path: string): ArrayBuffer => Uint8Array.from(readFileSync(path)).buffer;
const wholeCrop = { centreX: 95.5, centreY: 95.5, side: 192, angle: 0 };

interface Case {
  name: string;
  image: string;
  outputs: Record<string, number[]>;
  points68: [number, number][];
  points478: [number, number, number][];
}

describe.skipIf(!present)('trial bundle', () => {
  it('D11 turns its golden pictures into its golden outputs and points', async () => {
    const golden = JSON.parse(readFileSync(resolve(material, 'golden.json'), 'utf8')) as { cases: Case[] };
    const checked = checkManifest(JSON.parse(readFileSync(resolve(bundle, 'manifest.json'), 'utf8')));
    if ('reason' in checked) throw new Error(checked.reason);
    const model = parseFaceModel(bytes(resolve(bundle, 'face-model.bin')));
    const decoder = createDecoder(model, checked.manifest);
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(new Uint8Array(bytes(resolve(bundle, 'network.onnx'))));
    for (const one of golden.cases) {
      const png = PNG.sync.read(readFileSync(resolve(material, one.image)));
      const image = resampleCrop(png, wholeCrop, new Float32Array(3 * 192 * 192));
      const answer = await session.run({ image: new ort.Tensor('float32', image, [1, 3, 192, 192]) });
      const output = readOutputs(answer);
      for (const name of ['identity', 'expression', 'albedo', 'light', 'presence'] as const) {
        one.outputs[name]?.forEach((value, i) => {
          expect(Math.abs((output[name][i] as number) - value), `${one.name} ${name} ${i}`).toBeLessThan(1e-3);
        });
      }
      const face = decoder.decode(output, wholeCrop, 192, 192);
      one.points68.forEach(([x, y], i) => {
        expect(
          Math.hypot((face.landmarks68[2 * i] as number) - x, (face.landmarks68[2 * i + 1] as number) - y),
        ).toBeLessThan(0.05);
      });
      one.points478.forEach(([x, y, z], i) => {
        const [u, v, w] = face.landmarks478.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
        expect(Math.hypot(u - x, v - y, w - z)).toBeLessThan(0.05);
      });
    }
  });
});
