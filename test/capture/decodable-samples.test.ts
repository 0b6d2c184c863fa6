import type { Input, InputVideoTrack } from 'mediabunny';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decodableSamples, type VideoGap } from '../../src/capture/decodable-samples';

/** A video with a key frame every `GROUP` frames, 10 frames per second; packet `k` has the time k / 10. */
interface Video {
  readonly frames: number;
  /** Packets that the decoder refuses. */
  readonly bad: readonly number[];
  /** From this packet on, the file cannot be read. */
  readonly unreadable?: number;
  /** Frames that the index lists. */
  readonly listed?: number;
}

const GROUP = 5;
const state = vi.hoisted(() => ({ video: { frames: 0, bad: [] } as Video, open: 0 }));

const time = (k: number) => k / 10;
const indexOf = (timestamp: number) => Math.round(timestamp * 10);
const keyOf = (k: number) => k - (k % GROUP);

vi.mock('mediabunny', () => {
  const packet = (k: number, metadataOnly = false) => {
    const { frames, unreadable = Number.POSITIVE_INFINITY, listed = frames } = state.video;
    if (k >= unreadable && !metadataOnly) throw new Error('cannot be read');
    if (k < 0 || k >= (metadataOnly ? listed : frames)) return null;
    return { timestamp: time(k), duration: 0.1, type: k % GROUP === 0 ? 'key' : 'delta' };
  };
  class EncodedPacketSink {
    getFirstPacket = async () => packet(0);
    getNextPacket = async ({ timestamp }: { timestamp: number }) => packet(indexOf(timestamp) + 1);
    getKeyPacket = async (timestamp: number) => packet(keyOf(Math.min(indexOf(timestamp), state.video.frames - 1)));
    getPacket = async (_time: number, { metadataOnly }: { metadataOnly: boolean }) =>
      packet((state.video.listed ?? state.video.frames) - 1, metadataOnly);
  }
  const sample = (k: number) => {
    state.open += 1;
    const close = () => {
      state.open -= 1;
    };
    return { timestamp: time(k), duration: 0.1, close };
  };
  const decode = (k: number) => {
    packet(k);
    if (state.video.bad.includes(k)) throw new Error('decoder');
  };
  class VideoSampleSink {
    /** Decodes ahead; frames that wait when the decoder fails are lost. */
    async *samples(start = 0) {
      for (let k = indexOf(start); k < state.video.frames; k += 4) {
        const ahead = [k, k + 1, k + 2, k + 3].filter((one) => one < state.video.frames);
        for (const one of ahead) decode(one);
        for (const one of ahead) yield sample(one);
      }
    }

    async *samplesAtTimestamps(times: readonly number[]) {
      const wanted = times.map(indexOf);
      for (let k = keyOf(Math.min(...wanted)); k <= Math.max(...wanted); k += 1) decode(k);
      for (const k of wanted) yield sample(k);
    }
  }
  return { EncodedPacketSink, VideoSampleSink };
});

const input = { getFormat: async () => ({ name: 'MP4' }) } as unknown as Input;

async function read(video: Video): Promise<{ times: number[]; gaps: VideoGap[] }> {
  state.video = video;
  const gaps: VideoGap[] = [];
  const times: number[] = [];
  for await (const sample of decodableSamples(input, {} as InputVideoTrack, (gap) => gaps.push(gap))) {
    times.push(sample.timestamp);
    sample.close();
  }
  return { times, gaps };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => time(from + i));

describe('decodableSamples', () => {
  beforeEach(() => {
    state.open = 0;
  });

  it('F11: an undamaged video gives each frame and no gap', async () => {
    expect(await read({ frames: 20, bad: [] })).toEqual({ times: range(0, 20), gaps: [] });
  });

  it.each([
    ['in the middle of a group', 7, 10],
    ['a key frame', 5, 10],
    ['the first frame', 0, 5],
  ])('F11: %s is damaged: only the rest of its group is missing', async (_, bad, next) => {
    const { times, gaps } = await read({ frames: 20, bad: [bad] });
    expect(times).toEqual([...range(0, bad), ...range(next, 20)]);
    expect(gaps).toEqual([{ from: expect.closeTo(time(bad)), to: time(next) }]);
    expect(state.open).toBe(0);
  });

  it('F11: two damaged parts are two gaps, neighbouring damaged groups are one', async () => {
    const { gaps } = await read({ frames: 30, bad: [3, 11, 15] });
    expect(gaps).toEqual([
      { from: expect.closeTo(0.3), to: 0.5 },
      { from: expect.closeTo(1.1), to: 2 },
    ]);
  });

  it('F11: a file that cannot be read from a place on keeps all frames before it', async () => {
    const { times, gaps } = await read({ frames: 20, bad: [], unreadable: 13 });
    expect(times).toEqual(range(0, 13));
    expect(gaps).toEqual([{ from: expect.closeTo(1.3) }]);
  });

  it('F11: the last group is damaged', async () => {
    const { times, gaps } = await read({ frames: 20, bad: [17] });
    expect(times).toEqual(range(0, 17));
    expect(gaps).toEqual([{ from: expect.closeTo(1.7) }]);
  });

  it('F11: nothing can be decoded', async () => {
    expect(await read({ frames: 10, bad: [0, 5] })).toEqual({ times: [], gaps: [{ from: 0 }] });
  });

  it('F11: the end that the index lists is missing', async () => {
    const { times, gaps } = await read({ frames: 12, bad: [], listed: 20 });
    expect(times).toHaveLength(12);
    expect(gaps).toEqual([{ from: expect.closeTo(1.2), declared: 2 }]);
  });
});
