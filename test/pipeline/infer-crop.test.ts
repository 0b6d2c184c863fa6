import { describe, expect, it } from 'vitest';
import type { Crop } from '../../src/face/types';
import { resampleCrop } from '../../src/focus/crop';
import type { Decoder } from '../../src/focus/decode';
import { createMirror } from '../../src/focus/mirror';
import { type NetworkOutput, OUTPUT_LENGTHS } from '../../src/focus/network-output';
import type { CropShift } from '../../src/focus/shift-crop';
import { type CropInference, createCropInference, cropBox, SHIFTS } from '../../src/pipeline/infer-crop';
import { type Box, evenBox, type PixelReader } from '../../src/pipeline/pixels';
import { shrink, turnPixels } from '../../src/pipeline/shrink';
import { createStopwatch } from '../../src/pipeline/stopwatch';
import { fakeFrame, seenFace } from './doubles';

const [width, height] = [640, 480];

/** A picture of 640 × 480 in which no two neighbours are alike. */
const picture = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 7919) % 251);

function cut({ x, y, width: w, height: h }: Box): Uint8ClampedArray {
  const out = new Uint8ClampedArray(w * h * 4);
  for (let row = 0; row < h; row++) {
    const start = ((y + row) * width + x) * 4;
    out.set(picture.subarray(start, start + w * 4), row * w * 4);
  }
  return out;
}

const reader: PixelReader = {
  async read(_image, box) {
    const part = evenBox(box, width, height);
    return {
      data: cut(part),
      width: part.width,
      height: part.height,
      left: part.x,
      top: part.y,
      release: () => undefined,
    };
  },
};

const mirror = createMirror({ identityBasis: unitModes(), mirror: Uint16Array.from({ length: 28 }, (_, i) => i ^ 1) });

/** What the network is given for a crop, once or both ways, and what is decoded when it answers with `answers` in turn. */
async function inferOn(
  crop: Crop,
  kind: Exclude<keyof CropInference, 'verifyFace'> = 'inferCrop',
  answers = [blankOutput()],
) {
  const inputs: Float32Array[] = [];
  const decoded: NetworkOutput[] = [];
  const run = async (image: Float32Array) => {
    inputs.push(image.slice());
    return answers[inputs.length - 1] ?? blankOutput();
  };
  const decode: Decoder['decode'] = (output) => {
    decoded.push(output);
    return seenFace(0, 0, 1);
  };
  const inference = createCropInference({
    reader,
    run,
    decoder: { decode },
    mirror,
    size: 192,
    watch: createStopwatch(),
  });
  await inference[kind](fakeFrame(0), crop);
  return { inputs, decoded };
}

/** 80 modes of 28 vertices, each of which moves one coordinate. */
function unitModes(): Float32Array {
  return Float32Array.from({ length: 80 * 84 }, (_, i) => (Math.floor(i / 84) === i % 84 ? 1 : 0));
}

/** Zeros, but for presence and mask. */
function blankOutput(value = 0): NetworkOutput {
  const entries = Object.entries(OUTPUT_LENGTHS).map(([name, [length = 0]]) => {
    const filled = name === 'presence' || name === 'mask';
    return [name, new Float32Array(length).fill(filled ? value : 0)] as const;
  });
  return Object.fromEntries(entries) as unknown as NetworkOutput;
}

function wholeInput(crop: Crop): Float32Array {
  const out = new Float32Array(3 * 192 * 192);
  resampleCrop({ data: picture, width, height }, crop, out);
  return out;
}

describe('inferCrop', () => {
  const crops: Record<string, Crop> = {
    level: { centreX: 300.3, centreY: 220.7, side: 150, angle: 0 },
    turned: { centreX: 300, centreY: 220, side: 180, angle: 0.7 },
    large: { centreX: 320, centreY: 240, side: 900, angle: 0.2 },
    'at the corner': { centreX: 5, centreY: 470, side: 200, angle: -0.4 },
    'mostly outside': { centreX: 700, centreY: 240, side: 160, angle: 0 },
    tiny: { centreX: 100, centreY: 100, side: 9, angle: 3 },
  };
  for (const [name, crop] of Object.entries(crops)) {
    it(`P13: a crop's box contains all pixels of the crop: ${name}`, async () => {
      const [seen, wanted] = [(await inferOn(crop)).inputs[0] ?? [], wholeInput(crop)];
      let worst = 0;
      for (let i = 0; i < wanted.length; i++) worst = Math.max(worst, Math.abs((seen[i] ?? 0) - (wanted[i] ?? 0)));
      expect(worst).toBeLessThan(1e-4);
    });
  }
});

describe('verifyFace', () => {
  const face = seenFace(300, 220, 150);

  /** The confidence where the crops show these faces, and then the face itself; and the crops. */
  async function verify(...seen: readonly ReturnType<typeof seenFace>[]) {
    const crops: Crop[] = [];
    const decode: Decoder['decode'] = (_, crop) => {
      crops.push(crop);
      return seen[crops.length - 1] ?? face;
    };
    const run = async () => blankOutput();
    const dependencies = { reader, run, decoder: { decode }, mirror, size: 192, watch: createStopwatch() };
    return { confidence: await createCropInference(dependencies).verifyFace(fakeFrame(0), face), crops };
  }

  it('P20: two rotated crops verify a clear face', async () => {
    const { confidence, crops } = await verify();
    expect(confidence).toBe(1);
    expect(crops.map(({ angle }) => angle)).toEqual([0.35, -0.35]);
  });

  it('P20: two rotated crops on which the landmarks move reject what is not a face', async () => {
    const { confidence, crops } = await verify(seenFace(320, 220, 150), seenFace(300, 228, 150));
    // 20 and 8 pixels of a box of 100.
    expect(confidence).toBeCloseTo(1 - 12 * 0.14);
    expect(crops).toHaveLength(2);
  });

  it('P20: in other cases an enlarged and two shifted crops are compared too', async () => {
    const { confidence, crops } = await verify(seenFace(303, 224, 150, 0.9), seenFace(300, 220, 150, 0.5));
    // 5 pixels in one of five crops.
    expect(confidence).toBeCloseTo((1 + 1 + 0.9 + 0.5 + 3) / 7 - 12 * 0.01);
    expect(crops.slice(2)).toMatchObject([
      { side: 187.5 },
      { centreX: 285, centreY: 205 },
      { centreX: 315, centreY: 235 },
    ]);
  });
});

describe('inferMirrored', () => {
  const crop: Crop = { centreX: 300.3, centreY: 220.7, side: 150, angle: 0.2 };

  it('P16: runs the network on the crop and on its mirror image', async () => {
    const { inputs } = await inferOn(crop, 'inferMirrored');
    const wanted = wholeInput(crop);
    const [plain, mirrored] = inputs;
    expect(inputs).toHaveLength(2);
    for (const row of [0, 77, 191, 192 * 3 - 1]) {
      const [first, last] = [row * 192, row * 192 + 191];
      expect(plain?.[first]).toBeCloseTo(wanted[first] as number, 4);
      expect(mirrored?.[last]).toBeCloseTo(wanted[first] as number, 4);
    }
  });

  it('P16: averages the output with the mirrored output of the mirror image', async () => {
    const [plain, other] = [blankOutput(0.2), blankOutput(0.4)];
    plain.pose[6] = 0.1;
    other.pose[6] = -0.3;
    other.mask[5] = 1;
    const { decoded } = await inferOn(crop, 'inferMirrored', [plain, other]);
    const [said] = decoded;
    expect(decoded).toHaveLength(1);
    expect(said?.presence[0]).toBeCloseTo(0.3, 6);
    expect(said?.pose[6]).toBeCloseTo(0.2, 6);
    expect(said?.mask[95 - 5]).toBeCloseTo(0.6, 6);
    expect(said?.mask[5]).toBeCloseTo(0.3, 6);
  });

  it('P16: a single inference runs the network once', async () => {
    expect((await inferOn(crop)).inputs).toHaveLength(1);
  });
});

describe('inferMultiCrop', () => {
  const crop: Crop = { centreX: 300.3, centreY: 220.7, side: 150, angle: 0.2 };

  it('P18: runs the network on the crop and the shifted crops, each also mirrored', async () => {
    const { inputs } = await inferOn(crop, 'inferMultiCrop');
    const wanted = wholeInput(crop);
    expect(inputs).toHaveLength(6);
    // What stands at row 77, column 60 of the crop stands 4 and 12 pixels away in the crops beside it.
    const places = [0, -4, 12].map((way) => (77 + way) * 192 + 60 + way);
    const shown = inputs.filter((_, i) => i % 2 === 0);
    const found = shown.map((input) =>
      places.filter((place) => Math.abs((input[place] ?? 0) - (wanted[77 * 192 + 60] ?? 1)) < 1e-4),
    );
    expect(found.map((at) => at.length)).toEqual([1, 1, 1]);
    expect(new Set(found.flat()).size).toBe(3);
    for (const [i, input] of shown.entries()) {
      expect(inputs[2 * i + 1]?.slice(0, 192)).toEqual(input.slice(0, 192).reverse());
    }
  });

  it('P18: all six runs locate a still face at the same position', async () => {
    // A face whose eye lies in cell (30, 40) of the crop and whose head stands at 0.1, -0.2 half crops.
    const shifts: readonly CropShift[] = [[0, 0], ...SHIFTS];
    const answers = shifts
      .flatMap((shift) => [shift, shift])
      .map(([right, down], i) => {
        const said = blankOutput();
        const sign = i % 2 === 0 ? 1 : -1;
        said.pose[6] = sign * (0.1 - (2 * right) / 96);
        said.pose[7] = -0.2 - (2 * down) / 96;
        const column = 40 - right;
        said.mask[(30 - down) * 96 + (i % 2 === 0 ? column : 95 - column)] = 1;
        return said;
      });
    const { decoded } = await inferOn(crop, 'inferMultiCrop', answers);
    const [said] = decoded;
    expect(decoded).toHaveLength(1);
    expect(said?.pose[6]).toBeCloseTo(0.1, 6);
    expect(said?.pose[7]).toBeCloseTo(-0.2, 6);
    expect(said?.mask[30 * 96 + 40]).toBeCloseTo(1, 6);
    expect(said?.mask.reduce((sum, value) => sum + value)).toBeCloseTo(1, 4);
  });
});

describe('cropBox', () => {
  it('P13: is not larger than the rotated crop plus a small margin', () => {
    const box = cropBox({ centreX: 300, centreY: 220, side: 150, angle: 0 }, 192, width, height);
    expect(box.width).toBeLessThan(158);
    expect(box.height).toBeLessThan(158);
  });

  it('P13: stays inside the picture with at least one pixel', () => {
    for (const centreX of [-1000, 0, 320, 640, 2000]) {
      const box = cropBox({ centreX, centreY: 100, side: 50, angle: 1 }, 192, width, height);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.width).toBeGreaterThan(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
  });
});

describe('evenBox', () => {
  it('P13: grows to even numbers, but not beyond an odd picture', () => {
    expect(evenBox({ x: 3, y: 4, width: 5, height: 5 }, 101, 77)).toEqual({ x: 2, y: 4, width: 6, height: 6 });
    expect(evenBox({ x: 95, y: 70, width: 6, height: 7 }, 101, 77)).toEqual({ x: 94, y: 70, width: 7, height: 7 });
  });
});

describe('shrink', () => {
  it('P14: averages, cuts off remaining columns and rows, and is opaque', () => {
    const data = new Uint8ClampedArray(5 * 2 * 4);
    for (let i = 0; i < 10; i++) data.set([i * 10, 200, i % 2 === 0 ? 0 : 100, 7], i * 4);
    const small = shrink({ data, width: 5, height: 2 }, 2);
    expect([small.width, small.height]).toEqual([2, 1]);
    expect([...small.data]).toEqual([30, 200, 50, 255, 50, 200, 50, 255]);
  });

  it('P14: a factor of 1 changes nothing but the alpha', () => {
    const small = shrink({ data: new Uint8ClampedArray([1, 2, 3, 4]), width: 1, height: 1 }, 1);
    expect([...small.data]).toEqual([1, 2, 3, 255]);
  });
});

describe('turnPixels', () => {
  const [width, height] = [3, 2];
  const numbers = Uint32Array.of(0, 1, 2, 3, 4, 5);
  const picture = { data: new Uint8ClampedArray(numbers.buffer), width, height };
  it.each([
    [0, [3, 2], [0, 1, 2, 3, 4, 5]],
    [1, [2, 3], [2, 5, 1, 4, 0, 3]],
    [2, [3, 2], [5, 4, 3, 2, 1, 0]],
    [3, [2, 3], [3, 0, 4, 1, 5, 2]],
  ] as const)('P19: turns counterclockwise by %d quarters', (turns, size, pixels) => {
    const turned = turnPixels(picture, turns);
    expect([turned.width, turned.height]).toEqual(size);
    expect([...new Uint32Array(turned.data.buffer)]).toEqual(pixels);
  });
});
