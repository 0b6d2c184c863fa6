/**
 * The bytes of a tensor of 16 bit values whose last dimension is stored in compressed sparse rows.
 * @param {Uint8Array} values  the values that are stored, 2 bytes each
 * @param {number[]} shape
 * @param {{ order: number[], blocks: number, dimensions: { compressed: boolean, size: number, segments: number[],
 *   indices: number[] }[] }} sparsity
 * @returns {Uint8Array} all values in the order of `shape`
 * @throws for other forms of sparse tensors
 */
export function densify(values, shape, { order, blocks, dimensions }) {
  const last = dimensions.at(-1);
  const outer = dimensions.slice(0, -1);
  const inOrder = order.every((dimension, i) => dimension === i) && blocks === 0;
  if (!(inOrder && last.compressed && outer.every(({ compressed }) => !compressed)))
    throw new Error('this form of sparse tensor is not supported');
  const columns = shape.at(-1);
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (last.segments.length !== rows + 1 || last.segments.at(-1) * 2 > values.length)
    throw new Error('a sparse tensor does not fit its shape');
  const out = new Uint8Array(rows * columns * 2);
  for (let row = 0; row < rows; row++) {
    for (let i = last.segments[row]; i < last.segments[row + 1]; i++)
      out.set(values.subarray(2 * i, 2 * i + 2), 2 * (row * columns + last.indices[i]));
  }
  return out;
}
