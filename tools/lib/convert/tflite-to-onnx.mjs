/**
 * Converts a TFLite model to ONNX. Pictures are rows, columns, channels in TFLite and channels, rows, columns in ONNX. The
 * weights stay in 16 bit floating point, and a Cast in the graph makes them 32 bit, as in TFLite. Only the operators of
 * MediaPipe's face detectors are converted.
 */
import { readTflite } from './read-tflite.mjs';
import { writeOnnx } from './write-onnx.mjs';

const SAME = 0;
const RELU = 1;

/** Sizes of a shape of rows, columns and channels in ONNX's order; other shapes stay. */
const planar = (shape) => (shape.length === 4 ? [0, 3, 1, 2].map((axis) => shape[axis]) : shape);

/** The model while it is converted. Tensors of the graph are named by their index in the TFLite model. */
class Conversion {
  nodes = [];
  constants = [];
  /** Constants by the index of the tensor that holds their values, after dequantize and densify. */
  #sources = new Map();
  /** Tensors whose values are written. */
  #written = new Set();

  constructor(model) {
    this.model = model;
  }

  tensor(index) {
    return this.model.tensors[index];
  }

  /** The tensor whose constant data the tensor `index` has; the tensor itself unless an operator has unpacked it. */
  source(index) {
    return this.#sources.get(index) ?? index;
  }

  unpack(from, to) {
    this.#sources.set(to, this.source(from));
  }

  add(type, inputs, output, attributes = {}) {
    this.nodes.push({ type, inputs, outputs: [output], attributes });
  }

  /** Name of a constant of 16 bit values, permuted by `axes`, as 32 bit values in the graph. */
  weights(index, axes) {
    const source = this.source(index);
    const { shape, type, data } = this.tensor(source);
    if (type !== 'float16' || !data) throw new Error(`tensor ${this.tensor(index).name} is not a constant of 16 bit`);
    const name = `w${source}`;
    if (this.#written.has(source)) return name;
    this.#written.add(source);
    const permuted = axes.map((axis) => shape[axis]);
    this.constants.push({ name: `${name}_half`, shape: permuted, type, data: permute(data, shape, axes) });
    this.add('Cast', [`${name}_half`], name, { to: 1 });
    return name;
  }

  /** Name of a constant of integers. */
  integers(name, values) {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.constants.push({ name, shape: [values.length], type: 'int64', data });
    return name;
  }

  /** The values of an input that is a constant of integers. */
  constantIntegers(index) {
    const { type, data, name } = this.tensor(index);
    if (type !== 'int32' || !data) throw new Error(`tensor ${name} is not a constant of integers`);
    return Array.from(new Int32Array(data.slice().buffer));
  }
}

/** Permutes the axes of 16 bit values. */
function permute(data, shape, axes) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const from = new Uint16Array(data.slice().buffer);
  const out = new Uint16Array(from.length);
  const sizes = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  for (let to = 0; to < out.length; to++) {
    let rest = to;
    let source = 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += (rest % sizes[axis]) * steps[axis];
      rest = Math.floor(rest / sizes[axis]);
    }
    out[to] = from[source];
  }
  return new Uint8Array(out.buffer);
}

/** Begin and end of TFLite's padding along one side; both 0 without padding. */
function padding(same, input, output, kernel, stride) {
  const total = same ? Math.max(0, (output - 1) * stride + kernel - input) : 0;
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Attributes of a window that moves over the picture. */
function windowAttributes(conversion, { inputs, outputs }, { kernel, strides, same }) {
  const [, height, width] = conversion.tensor(inputs[0]).shape;
  const [, outHeight, outWidth] = conversion.tensor(outputs[0]).shape;
  const [top, bottom] = padding(same, height, outHeight, kernel[0], strides[0]);
  const [left, right] = padding(same, width, outWidth, kernel[1], strides[1]);
  return { kernel_shape: kernel, strides, pads: [top, left, bottom, right] };
}

/** Adds a node, and the activation that TFLite has fused with it. */
function addActivated(conversion, { outputs }, activation, add) {
  const output = `${outputs[0]}`;
  if (activation === 0) return add(output);
  if (activation !== RELU) throw new Error(`activation ${activation} is not supported`);
  add(`${output}_linear`);
  conversion.add('Relu', [`${output}_linear`], output);
}

/** Numbers of the options `activation` and dilation; a depthwise convolution has one more option before them. */
const CONVOLUTION_OPTIONS = { conv2d: 3, depthwiseConv2d: 4 };

function convolve(conversion, operator, axes) {
  const { inputs, options, kind } = operator;
  const first = CONVOLUTION_OPTIONS[kind];
  const dilations = [options.integer(first + 1, 1), options.integer(first + 2, 1)];
  if (dilations.some((dilation) => dilation !== 1)) throw new Error('dilated convolutions are not supported');
  const [, rows, columns, channels] = conversion.tensor(inputs[1]).shape;
  const window = {
    kernel: [rows, columns],
    strides: [options.integer(2), options.integer(1)],
    same: options.byte(0) === SAME,
  };
  const attributes = {
    ...windowAttributes(conversion, operator, window),
    group: kind === 'depthwiseConv2d' ? channels : 1,
  };
  const names = [`${inputs[0]}`, conversion.weights(inputs[1], axes), conversion.weights(inputs[2], [0])];
  addActivated(conversion, operator, options.byte(first), (output) =>
    conversion.add('Conv', names, output, attributes),
  );
}

/** How each operator is converted. Numbers of options are those of schema.fbs. */
const CONVERTERS = {
  dequantize: (conversion, { inputs, outputs }) => conversion.unpack(inputs[0], outputs[0]),
  densify: (conversion, { inputs, outputs }) => conversion.unpack(inputs[0], outputs[0]),
  conv2d: (conversion, operator) => convolve(conversion, operator, [0, 3, 1, 2]),
  depthwiseConv2d(conversion, operator) {
    if (operator.options.integer(3) !== 1)
      throw new Error('depthwise convolutions with a multiplier are not supported');
    convolve(conversion, operator, [3, 0, 1, 2]);
  },
  maxPool2d(conversion, operator) {
    const { inputs, options } = operator;
    const kernel = [options.integer(4), options.integer(3)];
    const strides = [options.integer(2), options.integer(1)];
    const attributes = windowAttributes(conversion, operator, { kernel, strides, same: options.byte(0) === SAME });
    addActivated(conversion, operator, options.byte(5), (output) =>
      conversion.add('MaxPool', [`${inputs[0]}`], output, attributes),
    );
  },
  add(conversion, operator) {
    const [a, b] = operator.inputs;
    addActivated(conversion, operator, operator.options.byte(0), (output) =>
      conversion.add('Add', [`${a}`, `${b}`], output),
    );
  },
  relu: (conversion, { inputs, outputs }) => conversion.add('Relu', [`${inputs[0]}`], `${outputs[0]}`),
  pad(conversion, { inputs, outputs }) {
    const sides = conversion.constantIntegers(inputs[1]);
    const order = planar(conversion.tensor(inputs[0]).shape.map((_, axis) => axis));
    const pads = [0, 1].flatMap((end) => order.map((axis) => sides[2 * axis + end]));
    const name = conversion.integers(`${outputs[0]}_pads`, pads);
    conversion.add('Pad', [`${inputs[0]}`, name], `${outputs[0]}`, { mode: 'constant' });
  },
  resizeBilinear(conversion, { inputs, outputs, options }) {
    if (options.byte(2) !== 0 || options.byte(3) !== 1) throw new Error('only half pixel centres are supported');
    const sizes = conversion.integers(`${outputs[0]}_size`, planar(conversion.tensor(outputs[0]).shape));
    conversion.add('Resize', [`${inputs[0]}`, '', '', sizes], `${outputs[0]}`, {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
    });
  },
  depthToSpace: (conversion, { inputs, outputs, options }) =>
    conversion.add('DepthToSpace', [`${inputs[0]}`], `${outputs[0]}`, { blocksize: options.integer(0), mode: 'DCR' }),
  reshape(conversion, { inputs, outputs }) {
    const shape = conversion.integers(`${outputs[0]}_shape`, conversion.tensor(outputs[0]).shape);
    const interleaved = `${outputs[0]}_interleaved`;
    conversion.add('Transpose', [`${inputs[0]}`], interleaved, { perm: [0, 2, 3, 1] });
    conversion.add('Reshape', [interleaved, shape], `${outputs[0]}`);
  },
  concatenation(conversion, { inputs, outputs, options }) {
    if (conversion.tensor(outputs[0]).shape.length === 4) throw new Error('pictures cannot be concatenated');
    const names = inputs.map((index) => `${index}`);
    conversion.add('Concat', names, `${outputs[0]}`, { axis: options.integer(0) });
  },
};

/**
 * @param {Uint8Array} bytes  a TFLite model
 * @returns {Uint8Array} the same model in ONNX: input `image`, outputs `boxes` and `scores`, each named by its last size
 * @throws for a model that is not one of MediaPipe's face detectors
 */
export function tfliteToOnnx(bytes) {
  const model = readTflite(bytes);
  const conversion = new Conversion(model);
  for (const operator of model.operators) CONVERTERS[operator.kind](conversion, operator);
  const [input] = model.inputs;
  const outputs = model.outputs.map((index) => {
    const { shape } = model.tensors[index];
    return { index, name: shape.at(-1) === 1 ? 'scores' : 'boxes', shape };
  });
  const names = new Map([[`${input}`, 'image'], ...outputs.map(({ index, name }) => [`${index}`, name])]);
  return writeOnnx({
    name: 'face_detection',
    nodes: conversion.nodes.map((node) => renamed(node, names)),
    constants: conversion.constants,
    inputs: [{ name: 'image', shape: planar(model.tensors[input].shape) }],
    outputs,
  });
}

/** A node whose inputs and outputs have their public names. */
function renamed(node, names) {
  const rename = (name) => names.get(name) ?? name;
  return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
}
