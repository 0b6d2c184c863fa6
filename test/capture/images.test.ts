import { describe, expect, it } from 'vitest';
import { type ImageError, images, readImage } from '../../src/capture/images';
import { Ledger } from './doubles';

const good = new Blob(['good']);
const bad = new Blob(['bad, longer']);

/** Reads by size: the bad one throws. */
function reader(ledger: Ledger) {
  return async (blob: Blob) => {
    if (blob.size > good.size) throw new Error('cannot be decoded');
    return ledger.image() as unknown as ImageBitmap;
  };
}

describe('images', () => {
  it('F3: one frame each, in order, named', async () => {
    const decode = reader(new Ledger());
    const seen: unknown[] = [];
    const files = [
      { name: 'a.jpg', blob: good },
      { name: 'b.jpg', blob: good },
    ];
    for await (const { source, index, time, width } of images(files, { decode }))
      seen.push([source, index, time, width]);
    expect(seen).toEqual([
      ['a.jpg', 0, 0, 4],
      ['b.jpg', 1, 1, 4],
    ]);
  });

  it('F9: an unreadable image is named and skipped', async () => {
    const told: string[] = [];
    const seen: string[] = [];
    const files = [
      { name: 'a.jpg', blob: bad },
      { name: 'b.jpg', blob: good },
    ];
    const onUnreadable = (error: ImageError, name: string) => told.push(`${name}: ${error.name}`);
    for await (const frame of images(files, { decode: reader(new Ledger()), onUnreadable })) {
      seen.push(`${frame.source} ${frame.index}`);
    }
    expect(told).toEqual(['a.jpg: ImageError']);
    expect(seen).toEqual(['b.jpg 1']);
  });

  it('F7: reads an image only when it is pulled', async () => {
    const ledger = new Ledger();
    const files = Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, blob: good }));
    const frames = images(files, { decode: reader(ledger) })[Symbol.asyncIterator]();
    await frames.next();
    expect(ledger.made).toBe(1);
  });
});

describe('readImage', () => {
  it.each([
    ['\xff\xd8\xff\xe0 and so on', 'x.heic', /^x\.heic: this picture is damaged or cut off\. .*Use JPEG/],
    ['\0\0\0\x18ftypheic', 'x.jpg', /^x\.jpg is a HEIC picture, which this browser cannot decode\. Use JPEG/],
    ['\x01\x02\x03\x04\x05', 'x.tiff', /^x\.tiff is a TIFF picture, which this browser cannot decode\. Use JPEG/],
    ['only text', 'x.jpg', /^x\.jpg: this picture cannot be read, because it contains text\. Use JPEG/],
  ])('F9: %j as %s is an error with the reason and advice', async (content, name, message) => {
    const blob = new Blob([Uint8Array.from(content, (char) => char.charCodeAt(0))]);
    await expect(readImage(blob, name, 0, reader(new Ledger()))).rejects.toThrow(message);
  });
});
