/** The number of frames of a video of 19 hours with 60 frames per second. */
const MOST_SAMPLES = 2 ** 22;

/** Boxes on the way from the index to the tables of a track's samples, which are in `stbl`. */
const CONTAINERS = ['trak', 'mdia', 'minf'];
const HEADER = 8;

interface Box {
  readonly type: string;
  readonly content: DataView;
}

/**
 * Whether an index (the content of the box `moov`) claims more samples than the file has bytes, or more than 4 million: a
 * reader that lists them blocks its thread for minutes and needs gigabytes. The number of times is not limited where a
 * track has no offsets of times: they are not listed then, and uncompressed sound has a sample per value.
 */
export function claimsTooMany(index: DataView, fileSize: number): boolean {
  const most = Math.min(fileSize, MOST_SAMPLES);
  return sampleTables(index).some((tables) => {
    const listsTimes = tables.some(({ type }) => type === 'ctts');
    return tables.some((table) => countOf(table, listsTimes) > most);
  });
}

/** The boxes of each `stbl`. */
function sampleTables(parent: DataView): Box[][] {
  return boxesOf(parent).flatMap(({ type, content }) => {
    if (type === 'stbl') return [boxesOf(content)];
    return CONTAINERS.includes(type) ? sampleTables(content) : [];
  });
}

/** How many samples or chunks a reader lists for a table. */
function countOf({ type, content }: Box, listsTimes: boolean): number {
  if (type === 'ctts' || (type === 'stts' && listsTimes)) return sum(column(content, 8, 0));
  // The first chunk of an entry, and the samples of each of its chunks.
  if (type === 'stsc') return largest([...column(content, 12, 0), ...column(content, 12, 4)]);
  // Sizes of 4, 8 or 16 bits; with 0 bits, any number of them fits into the box.
  const isEmpty = type === 'stz2' && content.byteLength > 7 && content.getUint8(7) === 0;
  return isEmpty ? Number.POSITIVE_INFINITY : 0;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

/** A number of each entry of a table, of entries of `size` bytes. */
function column(content: DataView, size: number, position: number): number[] {
  const first = 8;
  const fitting = Math.max(0, Math.floor((content.byteLength - first) / size));
  const declared = content.byteLength < first ? 0 : content.getUint32(4);
  return Array.from({ length: Math.min(fitting, declared) }, (_, i) => content.getUint32(first + i * size + position));
}

function boxesOf(parent: DataView): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + HEADER <= parent.byteLength; ) {
    const size = parent.getUint32(at);
    if (size < HEADER) break;
    const end = Math.min(at + size, parent.byteLength);
    const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => parent.getUint8(at + offset)));
    boxes.push({ type, content: new DataView(parent.buffer, parent.byteOffset + at + HEADER, end - at - HEADER) });
    at = end;
  }
  return boxes;
}
