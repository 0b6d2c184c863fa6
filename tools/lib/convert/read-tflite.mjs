/**
 * Reads the parts of a TFLite model that a conversion needs. Numbers of tables' fields, types and operators are those of
 * TensorFlow's schema.fbs.
 */
import { ByteBuffer } from 'flatbuffers';
import { densify } from './densify.mjs';

const ELEMENT_TYPES = { 0: 'float32', 1: 'float16', 2: 'int32' };
const OPERATORS = {
  0: 'add',
  2: 'concatenation',
  3: 'conv2d',
  4: 'depthwiseConv2d',
  5: 'depthToSpace',
  6: 'dequantize',
  17: 'maxPool2d',
  19: 'relu',
  22: 'reshape',
  23: 'resizeBilinear',
  34: 'pad',
  124: 'densify',
};

/**
 * @typedef {{ name: string, shape: number[], type: 'float32' | 'float16' | 'int32', data: Uint8Array | null }} Tensor
 *   data: the constant's bytes, little-endian, in the order of `shape`; null where the model computes the tensor
 * @typedef {{ kind: string, inputs: number[], outputs: number[], options: Table }} Operator
 *   inputs and outputs: indices of tensors
 * @typedef {{ tensors: Tensor[], operators: Operator[], inputs: number[], outputs: number[] }} TfliteModel
 */

/** A table of a flatbuffer; fields by their number in the schema. A field that is left out has the given default. */
class Table {
  constructor(buffer, position) {
    this.buffer = buffer;
    this.position = position;
  }

  #at(field) {
    const offset = this.position === null ? 0 : this.buffer.__offset(this.position, 4 + 2 * field);
    return offset === 0 ? null : this.position + offset;
  }

  byte(field, byDefault = 0) {
    const at = this.#at(field);
    return at === null ? byDefault : this.buffer.readInt8(at);
  }

  integer(field, byDefault = 0) {
    const at = this.#at(field);
    return at === null ? byDefault : this.buffer.readInt32(at);
  }

  text(field) {
    const at = this.#at(field);
    return at === null ? '' : this.buffer.__string(at);
  }

  table(field) {
    const at = this.#at(field);
    return new Table(this.buffer, at === null ? null : this.buffer.__indirect(at));
  }

  /** Elements of a vector, read at their positions; `bytes` is the size of one. */
  vector(field, bytes, read) {
    const at = this.#at(field);
    if (at === null) return [];
    const first = this.buffer.__vector(at);
    return Array.from({ length: this.buffer.__vector_len(at) }, (_, i) => read(first + bytes * i));
  }

  bytes(field) {
    const at = this.#at(field);
    if (at === null) return new Uint8Array();
    const first = this.buffer.__vector(at);
    return this.buffer.bytes().slice(first, first + this.buffer.__vector_len(at));
  }

  integers(field) {
    return this.vector(field, 4, (at) => this.buffer.readInt32(at));
  }

  tables(field) {
    return this.vector(field, 4, (at) => new Table(this.buffer, this.buffer.__indirect(at)));
  }

  get present() {
    return this.position !== null;
  }
}

/**
 * @param {Uint8Array} bytes  a TFLite file
 * @returns {TfliteModel}
 * @throws when the file is no TFLite model, or uses a type or an operator that is not known here
 */
export function readTflite(bytes) {
  if (bytes.length < 16 || new TextDecoder().decode(bytes.subarray(4, 8)) !== 'TFL3')
    throw new Error('no TFLite model');
  // A copy: slices of Node's Buffer share its memory.
  const buffer = new ByteBuffer(Uint8Array.from(bytes));
  const model = new Table(buffer, buffer.readInt32(0));
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.integer(3)));
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    operators: graph.tables(3).map((operator) => readOperator(operator, codes)),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
  };
}

function readTensor(tensor, buffers) {
  const shape = tensor.integers(0);
  const name = tensor.text(3);
  const type = ELEMENT_TYPES[tensor.byte(1)];
  if (!type) throw new Error(`tensor ${name}: element type ${tensor.byte(1)} is not supported`);
  const bytes = buffers[tensor.integer(2)].bytes(0);
  if (bytes.length === 0) return { name, shape, type, data: null };
  const sparsity = tensor.table(6);
  return { name, shape, type, data: sparsity.present ? densify(bytes, shape, readSparsity(sparsity)) : bytes };
}

function readSparsity(sparsity) {
  return {
    order: sparsity.integers(0),
    blocks: sparsity.integers(1).length,
    dimensions: sparsity.tables(2).map((dimension) => ({
      compressed: dimension.byte(0) === 1,
      size: dimension.integer(1),
      segments: readIndices(dimension, 2),
      indices: readIndices(dimension, 4),
    })),
  };
}

/** A union of vectors of 32, 16 or 8 bits. */
function readIndices(dimension, field) {
  const values = dimension.table(field + 1);
  const { buffer } = values;
  switch (dimension.byte(field)) {
    case 0:
      return [];
    case 1:
      return values.integers(0);
    case 2:
      return values.vector(0, 2, (at) => buffer.readUint16(at));
    default:
      return values.vector(0, 1, (at) => buffer.readUint8(at));
  }
}

function readOperator(operator, codes) {
  const code = codes[operator.integer(0)];
  const kind = OPERATORS[code];
  if (!kind) throw new Error(`operator ${code} is not supported`);
  return { kind, inputs: operator.integers(1), outputs: operator.integers(2), options: operator.table(4) };
}
