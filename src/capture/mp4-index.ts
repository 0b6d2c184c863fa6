import { claimsTooMany } from './mp4-counts';

/** Whether the index (the box `moov`) of an MP4 or QuickTime file is complete; damaged: it claims impossible numbers. */
export type Mp4Index = 'complete' | 'missing' | 'cut' | 'damaged';

const HEADER = 16;
/** A file has a handful of boxes; a damaged one may claim thousands. */
const MOST_BOXES = 1000;

/** Walks through the boxes at the top of the file, of which it reads the headers, and reads the index. */
export async function readMp4Index(blob: Blob): Promise<Mp4Index> {
  let start = 0;
  for (let box = 0; box < MOST_BOXES && start + 8 <= blob.size; box++) {
    const view = new DataView(await blob.slice(start, start + HEADER).arrayBuffer());
    const end = start + boxSize(view, blob.size - start);
    const isIndex = view.getUint32(4) === 0x6d6f6f76;
    if (isIndex && end > blob.size) return 'cut';
    if (isIndex) {
      const content = blob.slice(start + (view.getUint32(0) === 1 ? HEADER : 8), end);
      return claimsTooMany(new DataView(await content.arrayBuffer()), blob.size) ? 'damaged' : 'complete';
    }
    if (end <= start) return 'missing';
    start = end;
  }
  return 'missing';
}

/** Size 0 stands for the rest of the file, size 1 for a size of 64 bits after the type. */
function boxSize(view: DataView, rest: number): number {
  const size = view.getUint32(0);
  if (size === 0) return rest;
  if (size !== 1) return size < 8 ? 0 : size;
  return view.byteLength < HEADER ? 0 : Number(view.getBigUint64(8));
}
