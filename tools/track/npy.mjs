/** Arrays in numpy's format .npy, version 1.0, and archives of them, .npz. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Zip, ZipDeflate } from 'fflate';

const PREFIX = 10;
const ALIGNMENT = 64;

/** Bytes of a .npy file: little-endian, C order. */
function npy(descr, shape, data) {
  const size = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${size}, }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const header = Buffer.alloc(PREFIX + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(`${text.padEnd(length - 1)}\n`, PREFIX, 'latin1');
  return Buffer.concat([header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

/** float64 array. @param {readonly number[]} shape @param {Float64Array} data */
export const float64Npy = (shape, data) => npy('<f8', shape, data);

/** float32 array. @param {readonly number[]} shape @param {Float32Array} data */
export const float32Npy = (shape, data) => npy('<f4', shape, data);

/** int32 array. @param {readonly number[]} shape @param {Int32Array} data */
export const int32Npy = (shape, data) => npy('<i4', shape, data);

/** Array of texts. @param {readonly string[]} texts */
export function textNpy(texts) {
  const rows = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0)));
  const width = Math.max(1, ...rows.map((row) => row.length));
  const data = new Uint32Array(texts.length * width);
  rows.forEach((row, i) => {
    data.set(row, i * width);
  });
  return npy(`<U${width}`, [texts.length], data);
}

/**
 * Writes an archive of arrays. `arrays` makes one array at a time.
 * @param {string} path
 * @param {Iterable<[string, Buffer]>} arrays  names without an ending, and their bytes as .npy
 */
export function writeNpz(path, arrays) {
  const file = openSync(path, 'w');
  try {
    const zip = new Zip((error, bytes) => {
      if (error) throw error;
      writeSync(file, bytes);
    });
    for (const [name, bytes] of arrays) {
      const entry = new ZipDeflate(`${name}.npy`, { level: 6 });
      zip.add(entry);
      entry.push(bytes, true);
    }
    zip.end();
  } finally {
    closeSync(file);
  }
}
