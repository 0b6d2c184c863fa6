import { describe, expect, it } from 'vitest';
import { readFrameTimes } from '../../src/capture/frame-times';
import { videoDamage } from '../../src/capture/video-damage';
import { undecodableVideo, videoFault } from '../../src/capture/video-fault';
import { cutOff, damaged, fixture } from '../fixtures/fixtures';

const whole = fixture('front-index.mp4');
const faultOf = (bytes: Uint8Array<ArrayBuffer>, name: string) => videoFault(new Blob([bytes]), name);
const damageOf = (bytes: Uint8Array<ArrayBuffer>) => videoDamage(new Blob([bytes]));

describe('videoFault', () => {
  it.each(['front-index.mp4', 'clip.webm', 'part2.mp4', 'part2.avi'])('F10: %s has none', async (name) => {
    expect(await faultOf(fixture(name), name)).toBeUndefined();
  });

  it('F10: a file without a video track', async () => {
    expect(await faultOf(fixture('audioonly.mp4'), 'audioonly.mp4')).toBe(
      'There is no picture in this file: audioonly.mp4 has no video track, only sound (AAC). Open a file with a picture.',
    );
    const sound = Uint8Array.from('ID3\x04\0\0', (char) => char.charCodeAt(0));
    expect(await faultOf(sound, 'song.mp3')).toMatch(/song\.mp3 has no video track, only sound\./);
  });

  it('F10: a file whose index is cut off', async () => {
    expect(await faultOf(fixture('truncated.mp4'), 'truncated.mp4')).toMatch(
      /the file is cut off, its index is missing/,
    );
    expect(await faultOf(cutOff(whole, 0.02), 'a.mp4')).toMatch(/cut off, its index is incomplete/);
  });

  it.each([
    ['stts', 12],
    ['ctts', 12],
    ['stsc', 16],
  ])('F10: a file whose index claims billions of frames (%s), which would block the thread', async (box, at) => {
    const bytes = fixture('search/jumpcut.mp4');
    expect(await faultOf(bytes, 'a.mp4')).toBeUndefined();
    new DataView(bytes.buffer).setUint32(Buffer.from(bytes).indexOf(box) + at, 0x7fffffff);
    expect(await faultOf(bytes, 'a.mp4')).toMatch(/a\.mp4: the file is damaged, its index lists more frames/);
    expect(await readFrameTimes(new Blob([bytes]))).toBeUndefined();
  });

  it('F10: a damaged WebM file in which the reader searches the same bytes forever', async () => {
    const bytes = fixture('clip.webm').fill(0, 383, 441).slice(0, 2137);
    expect(await readFrameTimes(new Blob([bytes]))).toBeUndefined();
  });

  it('F10: sound without compression has a sample per value', async () => {
    const bytes = fixture('front-index.mp4');
    new DataView(bytes.buffer).setUint32(Buffer.from(bytes).indexOf('stts') + 12, 0x7fffffff);
    expect(await faultOf(bytes, 'a.mp4')).toBeUndefined();
  });

  it('F10: an empty file, zero bytes, text', async () => {
    expect(await faultOf(new Uint8Array(), 'a.mp4')).toMatch(/a\.mp4 cannot be played: it is empty/);
    expect(await faultOf(new Uint8Array(5000), 'a.mp4')).toMatch(/only zero bytes/);
    expect(await faultOf(new TextEncoder().encode('hello\n'), 'a.mp4')).toMatch(/contains text/);
  });
});

describe('undecodableVideo', () => {
  it.each([
    ['part2.mp4', /MPEG-4 Part 2 \(DivX, Xvid\), which this browser cannot decode\. Convert it/],
    ['part2-sound.mp4', /MPEG-4 Part 2/],
    ['part2.avi', /part2\.avi is an AVI video, which browsers do not play\. Convert it/],
  ])('F10: %s', async (name, text) => {
    expect(await undecodableVideo(new Blob([fixture(name)]), name)).toMatch(text);
  });

  it('F10: a file whose beginning is missing', async () => {
    const text = await undecodableVideo(new Blob([whole.slice(3000)]), 'a.mp4');
    expect(text).toMatch(/its beginning is damaged or missing/);
  });
});

describe('videoDamage', () => {
  it.each(['front-index.mp4', 'clip.webm', 'audioonly.mp4'])('F10: %s has none', async (name) => {
    expect(await damageOf(fixture(name))).toBeUndefined();
  });

  it('F10: the time from which an MP4 file is cut off or damaged', async () => {
    const cut = (await damageOf(cutOff(whole, 0.6))) ?? Number.NaN;
    expect(cut).toBeGreaterThan(1);
    expect(cut).toBeLessThan(3);
    const broken = (await damageOf(damaged(whole, 0.6, 0.7))) ?? Number.NaN;
    expect(broken).toBeCloseTo(cut, 0);
    const missing = new Blob([whole.slice(0, 0.6 * whole.length), whole.slice(0.7 * whole.length)]);
    expect(await videoDamage(missing)).toBeCloseTo(cut, 0);
  });

  it('F10: a WebM file that ends before its declared duration', async () => {
    expect(await damageOf(cutOff(fixture('clip.webm'), 0.6))).toBeLessThan(2);
  });

  it('F10: stops at its time limit', async () => {
    let time = 0;
    const slow = () => {
      time += 1000;
      return time;
    };
    expect(await videoDamage(new Blob([damaged(whole, 0.6, 0.7)]), slow)).toBeUndefined();
  });
});
