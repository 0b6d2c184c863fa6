/**
 * Checked reads. Each throws RangeError outside the array, so that a wrong index stops where it is made instead of
 * turning into NaN. Hot loops use the one for their array's class: its call site stays monomorphic, and V8 makes it as
 * fast as a plain read; the general one is about thirty times slower there.
 */
export function at<T>(items: ArrayLike<T>, i: number): T {
  const item = items[i];
  if (item === undefined) throw outside(items, i);
  return item;
}

export function float32At(values: Float32Array, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

export function float64At(values: Float64Array, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

export function uint16At(values: Uint16Array, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

export function uint32At(values: Uint32Array, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

export function clampedByteAt(values: Uint8ClampedArray, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

export function byteAt(values: Uint8Array, i: number): number {
  const value = values[i];
  if (value === undefined) throw outside(values, i);
  return value;
}

function outside(items: ArrayLike<unknown>, i: number): RangeError {
  return new RangeError(`index ${i} is outside an array of length ${items.length}`);
}
