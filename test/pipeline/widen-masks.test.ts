import { describe, expect, it } from 'vitest';
import type { FaceData } from '../../src/face/types';
import { wideSquare } from '../../src/focus/wide-mask';
import type { InferWideMask } from '../../src/pipeline/infer-crop';
import { createMaskWidener, widenStillMasks } from '../../src/pipeline/widen-masks';
import { sampleFace } from '../smoothing/sample-face';
import { fakeFrame } from './doubles';

/** An occluder at the lower border of the crop. */
const TOUCHING = Uint8Array.from({ length: 9216 }, (_, i) => (i >= 90 * 96 ? 255 : 0));

/** A double of the network: records the faces that it saw, by their crop; `around`: value of every cell. */
function wideNetwork(around: { value: number }) {
  const seen: number[] = [];
  const infer: InferWideMask = async (_, crop) => {
    seen.push(crop.centreX);
    const occluder = new Uint8Array(9216).fill(around.value);
    const mask = { width: 96, height: 96, extent: 1, occluder, skin: occluder, own: new Uint8Array(9216) };
    return { mask, square: wideSquare(crop) };
  };
  return { seen, infer };
}

const faceAt = (id: number, occluder?: Uint8Array, state: FaceData['state'] = 'tracked') =>
  sampleFace({
    id,
    state,
    crop: { centreX: id, centreY: 240, side: 230, angle: 0 },
    ...(occluder ? { occluder } : {}),
  });
const corner = ({ mask }: FaceData) => mask.occluder[0];

describe('wide masks of a stream', () => {
  it('K7 a clear face gets a wide pass five times per second, and one with an occluder at its border on every frame', async () => {
    const { seen, infer } = wideNetwork({ value: 0 });
    const widener = createMaskWidener(infer);
    for (let i = 0; i < 25; i++) await widener.widenMasks(fakeFrame(i), [faceAt(1)]);
    expect(seen).toHaveLength(5);
    for (let i = 25; i < 35; i++) await widener.widenMasks(fakeFrame(i), [faceAt(1, TOUCHING)]);
    expect(seen).toHaveLength(15);
  });

  it('K7 after an occluder around the crop, wide passes go on for half a second', async () => {
    const around = { value: 255 };
    const { seen, infer } = wideNetwork(around);
    const widener = createMaskWidener(infer);
    const [face] = await widener.widenMasks(fakeFrame(0), [faceAt(1)]);
    expect(face && corner(face)).toBe(255);
    around.value = 0;
    for (let i = 1; i <= 12; i++) await widener.widenMasks(fakeFrame(i), [faceAt(1)]);
    expect(seen).toHaveLength(13);
    for (let i = 13; i <= 16; i++) await widener.widenMasks(fakeFrame(i), [faceAt(1)]);
    expect(seen).toHaveLength(13);
  });

  it('K7 a pass is used where an occluder is at the border of the crop or around it', async () => {
    const faint = { value: 100 };
    const widener = createMaskWidener(wideNetwork(faint).infer);
    const [clear] = await widener.widenMasks(fakeFrame(0), [faceAt(1)]);
    expect(clear && corner(clear)).toBe(0);
    const [touched] = await widener.widenMasks(fakeFrame(1), [faceAt(1, TOUCHING)]);
    expect(touched && corner(touched)).toBe(100);
  });

  it('K7 there is one wide pass per frame: faces take turns and keep the last pass meanwhile', async () => {
    const { seen, infer } = wideNetwork({ value: 255 });
    const widener = createMaskWidener(infer);
    const faces = [1, 2, 3].map((id) => faceAt(id, TOUCHING));
    let wide: FaceData[] = [];
    for (let i = 0; i < 6; i++) wide = await widener.widenMasks(fakeFrame(i), faces);
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
    expect(wide.map(corner)).toEqual([255, 255, 255]);
    // A pass that is too old is not used: the other faces wait for their turn.
    wide = await widener.widenMasks(fakeFrame(40), faces);
    expect(wide.map(corner)).toEqual([255, 0, 0]);
  });

  it('K7 masks always have the same size, and the input is not changed', async () => {
    const widener = createMaskWidener(wideNetwork({ value: 0 }).infer);
    const face = faceAt(1);
    for (const [i, seen] of [face, faceAt(1, TOUCHING), faceAt(1, undefined, 'held')].entries()) {
      const [wide] = await widener.widenMasks(fakeFrame(i), [seen]);
      expect(wide?.mask).toMatchObject({ width: 144, height: 144, extent: 1.5 });
    }
    expect(face.mask.width).toBe(96);
  });

  it('K7 a held face gets no pass: the border of its mask continues outwards', async () => {
    const { seen, infer } = wideNetwork({ value: 0 });
    const widener = createMaskWidener(infer);
    const [held] = await widener.widenMasks(fakeFrame(0), [faceAt(1, new Uint8Array(9216).fill(170), 'held')]);
    expect(seen).toEqual([]);
    expect(held && corner(held)).toBe(170);
  });

  it('K7 a time that runs backwards, and a lost face, forget earlier passes', async () => {
    const { seen, infer } = wideNetwork({ value: 0 });
    const widener = createMaskWidener(infer);
    await widener.widenMasks(fakeFrame(100), [faceAt(1)]);
    await widener.widenMasks(fakeFrame(3), [faceAt(1)]);
    await widener.widenMasks(fakeFrame(4), []);
    await widener.widenMasks(fakeFrame(5), [faceAt(1)]);
    expect(seen).toHaveLength(3);
  });
});

it('K7 each face of a still gets a wide pass', async () => {
  const { seen, infer } = wideNetwork({ value: 255 });
  const wide = await widenStillMasks(fakeFrame(0), [faceAt(1), faceAt(2)], infer);
  expect(seen).toEqual([1, 2]);
  expect(wide.map(corner)).toEqual([255, 255]);
});
