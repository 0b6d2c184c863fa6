import { EncodedPacketSink, type Input, type InputVideoTrack, type VideoSample, VideoSampleSink } from 'mediabunny';
import type { Seconds } from '../face/types';
import { lastDeclared, lastIndexed } from './video-damage';

/** A part of a video that cannot be read. */
export interface VideoGap {
  /** The end of the last frame before it; 0 without one. */
  readonly from: Seconds;
  /** Where frames follow again; undefined where none do. */
  readonly to?: Seconds;
  /** The end of the video as the file declares it, where the file is cut off. */
  readonly declared?: Seconds;
}

/** Seconds that may be missing at the end compared with the file's index. */
const INDEX_TOLERANCE = 0.1;

/**
 * The frames of a track that can be decoded, in order; the consumer closes them. Where decoding fails, the frames before the
 * failure are searched for, and decoding continues at the next key frame. `onGap` is called for each part that is missing,
 * also for the missing end of a file that is cut off.
 */
export async function* decodableSamples(
  input: Input,
  track: InputVideoTrack,
  onGap: (gap: VideoGap) => void,
): AsyncGenerator<VideoSample, void, void> {
  const progress = createProgress(onGap);
  let start: Seconds | undefined;
  do {
    const from = start;
    try {
      for await (const sample of new VideoSampleSink(track).samples(from)) yield progress.pass(sample);
      await reportMissingEnd(input, track, progress.end, onGap);
      return;
    } catch {
      const group = await frameGroup(track, Math.max(from ?? Number.NEGATIVE_INFINITY, progress.last));
      const count = await countDecodable(track, group.times);
      for await (const sample of firstSamples(track, group.times, count)) {
        if (sample.timestamp > progress.last) yield progress.pass(sample);
        else sample.close();
      }
      if (count < group.times.length || group.isCut) progress.isBroken = true;
      start = isLater(group.next, from) ? group.next : undefined;
    }
  } while (start !== undefined);
  if (progress.isBroken || progress.end === 0) onGap({ from: progress.end });
}

/** Damaged files may have times that do not increase. */
function isLater(next: Seconds | undefined, from: Seconds | undefined): boolean {
  return next !== undefined && next > (from ?? Number.NEGATIVE_INFINITY);
}

/** What was emitted so far. */
function createProgress(onGap: (gap: VideoGap) => void) {
  return {
    last: Number.NEGATIVE_INFINITY,
    end: 0,
    isBroken: false,
    pass(sample: VideoSample): VideoSample {
      if (this.isBroken) onGap({ from: this.end, to: sample.timestamp });
      this.isBroken = false;
      this.last = sample.timestamp;
      this.end = sample.timestamp + sample.duration;
      return sample;
    },
  };
}

/** A key frame and the frames that depend on it. */
interface FrameGroup {
  /** In increasing order. */
  readonly times: readonly Seconds[];
  /** The next key frame; undefined without one. */
  readonly next?: Seconds;
  /** The file cannot be read beyond the frames. */
  readonly isCut: boolean;
}

/** The group that contains `time`, or the first. */
async function frameGroup(track: InputVideoTrack, time: Seconds): Promise<FrameGroup> {
  const packets = new EncodedPacketSink(track);
  const times: Seconds[] = [];
  const group = (rest: Omit<FrameGroup, 'times'>) => ({ times: times.sort((a, b) => a - b), ...rest });
  try {
    const key = Number.isFinite(time) ? await packets.getKeyPacket(time) : null;
    let packet = key ?? (await packets.getFirstPacket());
    while (packet && (times.length === 0 || packet.type !== 'key')) {
      times.push(packet.timestamp);
      packet = await packets.getNextPacket(packet);
    }
    return group({ isCut: false, ...(packet ? { next: packet.timestamp } : {}) });
  } catch {
    return group({ isCut: true });
  }
}

/** How many of the first frames of a group decode without an error: bisection. */
async function countDecodable(track: InputVideoTrack, times: readonly Seconds[]): Promise<number> {
  let good = 0;
  let bad = times.length + 1;
  while (bad - good > 1) {
    const count = (good + bad) >> 1;
    if (await isDecodable(track, times, count)) good = count;
    else bad = count;
  }
  return good;
}

async function isDecodable(track: InputVideoTrack, times: readonly Seconds[], count: number): Promise<boolean> {
  try {
    for await (const sample of firstSamples(track, times, count)) sample.close();
    return true;
  } catch {
    return false;
  }
}

/** The first `count` frames of a group. No packet beyond them is decoded, unlike with the sink's `samples`. */
async function* firstSamples(
  track: InputVideoTrack,
  times: readonly Seconds[],
  count: number,
): AsyncGenerator<VideoSample, void, void> {
  if (count === 0) return;
  for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(times.slice(0, count))) {
    if (sample) yield sample;
  }
}

async function reportMissingEnd(
  input: Input,
  track: InputVideoTrack,
  end: Seconds,
  onGap: (gap: VideoGap) => void,
): Promise<void> {
  const declared = await declaredEnd(input, track, end).catch(() => 0);
  if (declared > end) onGap({ from: end, declared });
}

/** The end of the video by the file's index or header; 0 where it is not later than `end`, within the tolerance. */
async function declaredEnd(input: Input, track: InputVideoTrack, end: Seconds): Promise<Seconds> {
  const indexed = await lastIndexed(new EncodedPacketSink(track));
  return indexed - end > INDEX_TOLERANCE ? indexed : lastDeclared(input);
}
