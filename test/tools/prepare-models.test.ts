import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareModels } from '../../tools/lib/prepare-models.mjs';
import { addMetadata, imageMetadata } from '../../tools/lib/tflite-metadata.mjs';

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-models-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHORT = 'detectors/face_detection_short_range.tflite';
const WASM = [
  'ort-wasm-simd-threaded',
  'ort-wasm-simd-threaded.asyncify',
  'ort-wasm-simd-threaded.jspi',
  'vision_wasm_module_internal',
];
const NAMES = [
  SHORT,
  'detectors/face_detection_full_range_sparse.tflite',
  'detectors/face_detection_short_range.onnx',
  'detectors/face_detection_full_range_sparse.onnx',
  'sample.mp4',
  ...WASM.flatMap((name) => [`wasm/${name}.mjs`, `wasm/${name}.wasm`]),
];
const source = () => readFileSync('node_modules/@mediapipe/face_detection/face_detection_short_range.tflite');

describe('prepare-models', () => {
  it('Q1 makes every file once, and leaves those that are right alone', () => {
    expect(prepareModels(folder)).toEqual(NAMES);
    const made = statSync(join(folder, SHORT)).mtimeMs;
    expect(prepareModels(folder)).toEqual([]);
    expect(statSync(join(folder, SHORT)).mtimeMs).toBe(made);
  });

  it('Q2 makes a damaged file anew', () => {
    prepareModels(folder);
    writeFileSync(join(folder, SHORT), 'damaged');
    expect(prepareModels(folder)).toEqual([SHORT]);
  });

  it('Q3 metadata goes in front, the old bytes follow untouched at a multiple of 16', () => {
    const model = source();
    const made = addMetadata(model, imageMetadata({ name: 'image', mean: 127.5, std: 127.5 }));
    const shift = made.length - model.length;
    expect(shift % 16).toBe(0);
    expect(Buffer.from(made.subarray(shift)).equals(model)).toBe(true);
    expect(Buffer.from(made.subarray(0, shift)).includes('TFLITE_METADATA')).toBe(true);
  });

  it('Q4 the same input makes the same bytes', () => {
    const make = () => addMetadata(source(), imageMetadata({ name: 'image', mean: 127.5, std: 127.5 }));
    expect(Buffer.from(make()).equals(Buffer.from(make()))).toBe(true);
  });

  it('Q5 refuses what is no model', () => {
    expect(() => addMetadata(Buffer.from('no model, just some text'), new Uint8Array(4))).toThrow('no TFLite model');
  });
});
