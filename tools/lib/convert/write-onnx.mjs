/**
 * Writes an ONNX model. Numbers of fields, types and versions are those of onnx.proto3.
 */

const IR_VERSION = 8;
const OPSET = 13;
const ELEMENT_TYPES = { float32: 1, int64: 7, float16: 10 };
const ATTRIBUTE_TYPES = { integer: 2, text: 3, integers: 7 };

/**
 * @typedef {{ name: string, shape: number[], type: 'float32' | 'float16' | 'int64', data: Uint8Array }} Constant
 *   data: little-endian
 * @typedef {{ type: string, inputs: string[], outputs: string[], attributes?: Record<string, number | string | number[]> }}
 *   Node  attributes: integers, text or lists of integers
 * @typedef {{ name: string, shape: number[] }} Value  of 32 bit floating point
 * @typedef {{ name: string, nodes: Node[], constants: Constant[], inputs: Value[], outputs: Value[] }} Graph
 */

/** Varint, seven bits per byte, for integers from 0 to 2^53. */
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

const integer = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value, 'utf8'));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts.flat()));

function attribute(name, value) {
  const list = Array.isArray(value);
  const kind = list ? 'integers' : typeof value === 'string' ? 'text' : 'integer';
  const content = {
    integers: () => value.map((one) => integer(8, one)),
    text: () => [text(4, value)],
    integer: () => [integer(3, value)],
  }[kind]();
  return message(5, text(1, name), content, integer(20, ATTRIBUTE_TYPES[kind]));
}

function node({ type, inputs, outputs, attributes = {} }) {
  return message(
    1,
    inputs.map((name) => text(1, name)),
    outputs.map((name) => text(2, name)),
    text(4, type),
    Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );
}

function constant({ name, shape, type, data }) {
  return message(
    5,
    shape.map((size) => integer(1, size)),
    integer(2, ELEMENT_TYPES[type]),
    text(8, name),
    bytes(9, Buffer.from(data)),
  );
}

function value(field, { name, shape }) {
  const dimensions = shape.map((size) => message(1, integer(1, size)));
  const tensor = message(1, integer(1, ELEMENT_TYPES.float32), message(2, dimensions));
  return message(field, text(1, name), message(2, tensor));
}

/**
 * @param {Graph} graph
 * @returns {Uint8Array} the model's file; the same graph gives the same bytes
 */
export function writeOnnx({ name, nodes, constants, inputs, outputs }) {
  const graph = [
    nodes.map(node),
    text(2, name),
    constants.map(constant),
    inputs.map((input) => value(11, input)),
    outputs.map((output) => value(12, output)),
  ];
  return Buffer.concat([integer(1, IR_VERSION), message(7, graph.flat()), message(8, integer(2, OPSET))]);
}
