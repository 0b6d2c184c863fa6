/**
 * node tools/package/canonical-face.mjs: writes src/package/mediapipe/canonical-face.ts from MediaPipe's model, the points of
 * its canonical face to which it fits a face's pose. Downloads the model where it is not in the cache.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { rivalModel } from '../lib/rival-model.mjs';
import { ROOT } from './contents.mjs';

const FILE = join(ROOT, 'src/package/mediapipe/canonical-face.ts');
const METADATA = 'geometry_pipeline_metadata_landmarks.binarypb';
/** Field numbers of GeometryPipelineMetadata, Mesh3d and WeightedLandmarkRef in MediaPipe's face_geometry/protos. */
const MESH = 1;
const VERTEX_BUFFER = 3;
const BASIS = 2;
/** Numbers per vertex: position and texture coordinates. */
const STRIDE = 5;

function readVarint(bytes, start) {
  let value = 0;
  for (let i = start, shift = 0; ; i++, shift += 7) {
    value |= (bytes[i] & 127) << shift;
    if (bytes[i] < 128) return [value, i + 1];
  }
}

/** The value of a field of the given wire type at a position, and the position after it. */
function readValue(bytes, at, wire) {
  if (wire === 0) return readVarint(bytes, at);
  if (wire === 5) return [new DataView(bytes.buffer, bytes.byteOffset + at, 4).getFloat32(0, true), at + 4];
  const [length, start] = readVarint(bytes, at);
  return [bytes.subarray(start, start + length), start + length];
}

/** The fields of a protobuf message: values by field number. */
function fieldsOf(bytes) {
  const fields = {};
  for (let at = 0; at < bytes.length; ) {
    const [key, start] = readVarint(bytes, at);
    const [value, end] = readValue(bytes, start, key & 7);
    fields[key >> 3] = [...(fields[key >> 3] ?? []), value];
    at = end;
  }
  return fields;
}

/** Numbers of a repeated float, packed or not. */
function floats(values) {
  if (typeof values[0] === 'number') return values;
  return values.flatMap((bytes) => [...new Float32Array(bytes.slice().buffer)]);
}

const model = rivalModel();
if (!model) throw new Error("MediaPipe's model could not be downloaded");
const metadata = fieldsOf(unzipSync(readFileSync(model))[METADATA]);
const vertices = floats(fieldsOf(metadata[MESH][0])[VERTEX_BUFFER]);
const rows = metadata[BASIS].map(fieldsOf).map(({ 1: [index = 0] = [], 2: [weight] }) => {
  const position = vertices.slice(STRIDE * index, STRIDE * index + 3);
  return `  [${[index, Number(weight.toFixed(6)), ...position.map((value) => Number(value.toFixed(6)))].join(', ')}],`;
});
writeFileSync(
  FILE,
  `/**
 * The landmarks to which MediaPipe fits a face's pose: index, weight, and x, y, z in its canonical face, centimetres.
 * Written by tools/package/canonical-face.mjs from MediaPipe's FaceLandmarker model, (c) The MediaPipe Authors, Apache-2.0.
 */
export const CANONICAL_POINTS: readonly (readonly [number, number, number, number, number])[] = [
${rows.join('\n')}
];
`,
);
console.log(`${FILE}: ${rows.length} points`);
