import { ALL_FORMATS, EncodedPacketSink, Input } from 'mediabunny';
import type { Seconds } from '../face/types';
import { blobSource } from './blob-source';
import { readMp4Index } from './mp4-index';

/** When the frames of a video start, in increasing order without duplicates, and when the last one ends. */
export interface FrameTimes {
  readonly times: readonly Seconds[];
  readonly end: Seconds;
}

/** Reads the index of a video file, without decoding. Undefined if the file cannot be read; a damaged end is left out. */
export async function readFrameTimes(blob: Blob): Promise<FrameTimes | undefined> {
  if ((await readMp4Index(blob)) === 'damaged') return undefined;
  const input = new Input({ source: blobSource(blob), formats: ALL_FORMATS });
  const times: Seconds[] = [];
  let end = 0;
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return undefined;
    for await (const { timestamp, duration } of new EncodedPacketSink(track).packets(undefined, undefined, {
      metadataOnly: true,
    })) {
      times.push(timestamp);
      end = Math.max(end, timestamp + duration);
    }
  } catch {
    // A file that is cut off has readable frames before that.
  } finally {
    input.dispose();
  }
  return times.length === 0 ? undefined : { times: [...new Set(times)].sort((a, b) => a - b), end };
}
