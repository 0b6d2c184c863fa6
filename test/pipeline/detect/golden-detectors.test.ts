import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { readTflite } from '../../../tools/lib/convert/read-tflite.mjs';
import { tfliteToOnnx } from '../../../tools/lib/convert/tflite-to-onnx.mjs';
import { worst } from '../../focus/run-bundle';

/**
 * Outputs of the original models, computed with LiteRT (`ai_edge_litert`), every `step`-th value. Value i of the input, in
 * the order channel, row, column, is (7919 i mod 256) / 127.5 − 1.
 */
const GOLDEN: Record<string, Record<'boxes' | 'scores', { step: number; values: number[] }>> = JSON.parse(
  readFileSync('test/golden/detectors.json', 'utf8'),
);
const MODELS = [
  { range: 'short', name: 'face_detection_short_range', size: 128, anchors: 896 },
  { range: 'full', name: 'face_detection_full_range_sparse', size: 192, anchors: 2304 },
] as const;

const original = (name: string) => readFileSync(`node_modules/@mediapipe/face_detection/${name}.tflite`);

describe('conversion of the detectors', () => {
  it.each(MODELS)('EN1 the converted model computes what the original computes: $range range', async (model) => {
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(tfliteToOnnx(original(model.name)));
    const length = 3 * model.size * model.size;
    const image = Float32Array.from({ length }, (_, i) => ((i * 7919) % 256) / 127.5 - 1);
    const input = new ort.Tensor('float32', image, [1, 3, model.size, model.size]);
    const found = await session.run({ image: input });
    expect(found.boxes?.dims).toEqual([1, model.anchors, 16]);
    for (const output of ['boxes', 'scores'] as const) {
      const { step, values } = GOLDEN[model.range]?.[output] ?? { step: 1, values: [] };
      const data = found[output]?.data as Float32Array;
      expect(
        worst(
          data.filter((_, i) => i % step === 0),
          values,
        ),
      ).toBeLessThan(0.002);
    }
    await session.release();
  });

  it('EN1 weights are stored in 16 bit: a dense value takes two bytes', () => {
    const { tensors } = readTflite(original('face_detection_full_range_sparse'));
    const dense = tensors.filter(({ data, type }) => data && type === 'float16');
    expect(dense.length).toBeGreaterThan(20);
    for (const { data, shape } of dense)
      expect(data?.length).toBe(2 * shape.reduce((product, size) => product * size, 1));
    expect(tfliteToOnnx(original('face_detection_full_range_sparse')).length).toBeLessThan(1_100_000);
  });

  it('EN1 a file that is no model, or has an operator that is not known, is refused', () => {
    expect(() => tfliteToOnnx(Buffer.from('no model, just some text'))).toThrow('no TFLite model');
    const changed = Buffer.from(original('face_detection_short_range'));
    // The builtin code of an operator, both fields: 17 is maximum pooling, 99 is none of those that are known.
    expect(() => tfliteToOnnx(withoutOperator(changed))).toThrow('is not supported');
  });
});

/** The model with every operator replaced by one that is not known. */
function withoutOperator(model: Buffer): Buffer {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const follow = (at: number) => at + view.getUint32(at, true);
  const field = (table: number, index: number) => {
    const vtable = table - view.getInt32(table, true);
    return table + view.getUint16(vtable + 4 + 2 * index, true);
  };
  const codes = follow(field(follow(0), 1));
  for (let i = 0; i < view.getUint32(codes, true); i++) {
    const code = follow(codes + 4 + 4 * i);
    const vtable = code - view.getInt32(code, true);
    if (view.getUint16(vtable + 4, true) !== 0) view.setInt8(field(code, 0), 99);
  }
  return model;
}
