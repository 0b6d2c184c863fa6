import { float32At, uint16At } from './at';
/** IEEE 754 half floats (as their 16 bits) to float32, exactly. */
export function decodeHalf(bits: Uint16Array): Float32Array {
  const table = halfTable();
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = float32At(table, uint16At(bits, i));
  return values;
}

let cached: Float32Array | undefined;

/** All 65,536 half floats, indexed by their bits; created on first use, 256 KB. */
function halfTable(): Float32Array {
  if (cached) return cached;
  const table = new Float32Array(65_536);
  for (let bits = 0; bits < 65_536; bits++) table[bits] = halfValue(bits);
  cached = table;
  return table;
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
