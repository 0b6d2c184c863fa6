import type { Range } from '../search/detection-areas';

/** Opens the model of each range on its first use. A model that could not be loaded is requested again. */
export function oncePerRange<T>(open: (range: Range) => Promise<T>): (range: Range) => Promise<T> {
  const opened: Partial<Record<Range, Promise<T>>> = {};
  return (range) => {
    opened[range] ??= open(range).catch((reason) => {
      delete opened[range];
      throw reason;
    });
    return opened[range];
  };
}
