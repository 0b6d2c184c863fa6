/**
 * Adds the metadata that MediaPipe Tasks asks for to a TFLite model without touching the model's own bytes.
 *
 * A flatbuffer's references point forward only. So a new root, which refers to the old tables, is put in front of
 * the old file; the old bytes follow, shifted by a multiple of 16 so that their alignment stays.
 * Tables and field numbers are those of TensorFlow's schema.fbs and metadata_schema.fbs.
 */
import { Builder } from 'flatbuffers';

const METADATA_NAME = 'TFLITE_METADATA';
const MODEL_FIELDS = 8;
const FIELD = {
  operatorCodes: 1,
  subgraphs: 2,
  description: 3,
  buffers: 4,
  metadataBuffer: 5,
  metadata: 6,
  signatures: 7,
};
/** Fields of the old root that the new one refers to as they are. */
const KEPT = [FIELD.operatorCodes, FIELD.subgraphs, FIELD.description, FIELD.metadataBuffer, FIELD.signatures];

/** Rounds up so that position + ahead is a multiple of size. */
const align = (position, size, ahead = 0) => Math.ceil((position + ahead) / size) * size - ahead;

/**
 * A ModelMetadata flatbuffer for one RGB image input whose values are (pixel − mean) / std.
 * @param {{ name: string, mean: number, std: number }} input
 * @returns {Uint8Array}
 */
export function imageMetadata({ name, mean, std }) {
  const builder = new Builder(512);
  const text = builder.createString(name);
  const image = table(builder, 2, () => builder.addFieldInt8(0, 1, 0)); // ColorSpaceType RGB
  const content = table(builder, 3, () => {
    builder.addFieldInt8(0, 2, 0); // ContentProperties: ImageProperties
    builder.addFieldOffset(1, image, 0);
  });
  const means = floats(builder, [mean]);
  const stds = floats(builder, [std]);
  const normalization = table(builder, 2, () => {
    builder.addFieldOffset(0, means, 0);
    builder.addFieldOffset(1, stds, 0);
  });
  const unit = table(builder, 2, () => {
    builder.addFieldInt8(0, 1, 0); // ProcessUnitOptions: NormalizationOptions
    builder.addFieldOffset(1, normalization, 0);
  });
  const units = offsets(builder, [unit]);
  const tensor = table(builder, 7, () => {
    builder.addFieldOffset(0, text, 0);
    builder.addFieldOffset(3, content, 0);
    builder.addFieldOffset(4, units, 0);
  });
  const inputs = offsets(builder, [tensor]);
  const subgraph = table(builder, 10, () => builder.addFieldOffset(2, inputs, 0));
  const subgraphs = offsets(builder, [subgraph]);
  builder.finish(
    table(builder, 8, () => builder.addFieldOffset(3, subgraphs, 0)),
    'M001',
  );
  return builder.asUint8Array();
}

function table(builder, fields, fill) {
  builder.startObject(fields);
  fill();
  return builder.endObject();
}

function offsets(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addOffset(value);
  return builder.endVector();
}

function floats(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addFloat32(value);
  return builder.endVector();
}

/**
 * The parts of a TFLite model's root table, as positions in the file.
 * @param {Uint8Array} model
 * @throws when the file is no TFLite model, or has metadata of this kind already
 */
function readRoot(model) {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  if (model.length < 16 || new TextDecoder().decode(model.subarray(4, 8)) !== 'TFL3')
    throw new Error('no TFLite model');
  const follow = (position) => position + view.getUint32(position, true);
  const root = follow(0);
  const vtable = root - view.getInt32(root, true);
  const vtableSize = view.getUint16(vtable, true);
  const field = (index) => {
    const slot = 4 + 2 * index;
    const offset = slot < vtableSize ? view.getUint16(vtable + slot, true) : 0;
    return offset === 0 ? null : root + offset;
  };
  const target = (index) => {
    const position = field(index);
    return position === null ? null : follow(position);
  };
  const elements = (vector) =>
    vector === null ? [] : Array.from({ length: view.getUint32(vector, true) }, (_, i) => follow(vector + 4 + 4 * i));
  const metadata = elements(target(FIELD.metadata));
  const version = field(0);
  return {
    version: version === null ? 0 : view.getUint32(version, true),
    kept: new Map(KEPT.map((index) => [index, target(index)])),
    buffers: elements(target(FIELD.buffers)),
    metadata,
  };
}

/** Where each new part lies, in bytes from the start of the new file. */
function layout(buffers, metadata, bytes) {
  const vtable = 8;
  const root = align(vtable + 4 + 2 * MODEL_FIELDS, 4);
  const bufferList = root + 4 + 4 * MODEL_FIELDS;
  const metadataList = bufferList + 4 + 4 * (buffers + 1);
  const entryVtable = metadataList + 4 + 4 * (metadata + 1);
  const entry = entryVtable + 8;
  const name = entry + 12;
  const bufferVtable = align(name + 4 + METADATA_NAME.length + 1, 4);
  const buffer = bufferVtable + 8;
  const data = align(buffer + 8, 16, 4);
  return {
    vtable,
    root,
    bufferList,
    metadataList,
    entryVtable,
    entry,
    name,
    bufferVtable,
    buffer,
    data,
    end: align(data + 4 + bytes, 16),
  };
}

/**
 * The model with metadata.
 * @param {Uint8Array} model  a TFLite file
 * @param {Uint8Array} metadata  a ModelMetadata flatbuffer
 * @returns {Uint8Array}
 */
export function addMetadata(model, metadata) {
  const old = readRoot(model);
  const at = layout(old.buffers.length, old.metadata.length, metadata.length);
  const out = new Uint8Array(at.end + model.length);
  const view = new DataView(out.buffer);
  const refer = (position, target) => view.setUint32(position, target - position, true);
  const list = (position, targets) => {
    view.setUint32(position, targets.length, true);
    for (const [i, target] of targets.entries()) refer(position + 4 + 4 * i, target);
  };
  const shorts = (position, values) => {
    for (const [i, value] of values.entries()) view.setUint16(position + 2 * i, value, true);
  };

  refer(0, at.root);
  out.set(new TextEncoder().encode('TFL3'), 4);
  const present = (index) =>
    index === 0 || index === FIELD.buffers || index === FIELD.metadata || old.kept.get(index) !== null;
  const slots = Array.from({ length: MODEL_FIELDS }, (_, index) => (present(index) ? 4 + 4 * index : 0));
  shorts(at.vtable, [4 + 2 * MODEL_FIELDS, 4 + 4 * MODEL_FIELDS, ...slots]);
  view.setInt32(at.root, at.root - at.vtable, true);
  view.setUint32(at.root + 4, old.version, true);
  for (const [index, target] of old.kept) if (target !== null) refer(at.root + 4 + 4 * index, at.end + target);
  refer(at.root + 4 + 4 * FIELD.buffers, at.bufferList);
  refer(at.root + 4 + 4 * FIELD.metadata, at.metadataList);
  list(at.bufferList, [...old.buffers.map((target) => at.end + target), at.buffer]);
  list(at.metadataList, [...old.metadata.map((target) => at.end + target), at.entry]);

  shorts(at.entryVtable, [8, 12, 4, 8]);
  view.setInt32(at.entry, at.entry - at.entryVtable, true);
  refer(at.entry + 4, at.name);
  view.setUint32(at.entry + 8, old.buffers.length, true);
  view.setUint32(at.name, METADATA_NAME.length, true);
  out.set(new TextEncoder().encode(METADATA_NAME), at.name + 4);

  shorts(at.bufferVtable, [6, 8, 4]);
  view.setInt32(at.buffer, at.buffer - at.bufferVtable, true);
  refer(at.buffer + 4, at.data);
  view.setUint32(at.data, metadata.length, true);
  out.set(metadata, at.data + 4);
  out.set(model, at.end);
  return out;
}
