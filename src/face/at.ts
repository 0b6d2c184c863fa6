/** The item at `i`. Throws RangeError outside the array, so that a wrong index stops where it is made. */
export function at<T>(items: ArrayLike<T>, i: number): T {
  const item = items[i];
  if (item === undefined) throw new RangeError(`index ${i} is outside an array of length ${items.length}`);
  return item;
}
