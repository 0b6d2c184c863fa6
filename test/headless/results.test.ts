import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { faceOf } from '../../src/face/expression';
import { EXPRESSION_NAMES, type Face, type Frame, REGIONS, type TrackedFrame } from '../../src/face/types';
import { createAlbedoTexture } from '../../src/headless/albedo-texture';
import { greyPng } from '../../src/headless/grey-png';
import { createNeutralMesh } from '../../src/headless/neutral-mesh';
import { createSender } from '../../src/headless/sender';
import { frameLine } from '../../src/recording/frame-line';

async function readPng(blob: Blob): Promise<PNG> {
  return PNG.sync.read(Buffer.from(await blob.arrayBuffer()));
}

describe('greyPng', () => {
  it('O1 keeps every pixel, 8 bit grey', async () => {
    const pixels = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 37) % 256);
    const blob = await greyPng(pixels, 7, 5);
    const bytes = Buffer.from(await blob.arrayBuffer());
    expect([...bytes.subarray(24, 26)]).toEqual([8, 0]);
    const read = await readPng(blob);
    expect([read.width, read.height]).toEqual([7, 5]);
    expect(Array.from({ length: 35 }, (_, i) => read.data[4 * i])).toEqual([...pixels]);
  });
});

const face = (): Face =>
  faceOf({
    id: 3,
    state: 'found',
    presence: 0.987654,
    pose: { rotation: [0, 0, 0, 1], translation: [1, 2, -600.123456] },
    camera: { rotation: [0, 0, 0, 1], centre: [0, 0], scale: 1, distance: 800 },
    coefficients: {
      identity: new Float32Array(80).fill(0.5),
      expression: Float32Array.from(EXPRESSION_NAMES, (_, i) => i / 100),
      albedo: new Float32Array(10),
      light: new Float32Array(27),
    },
    landmarks68: Float32Array.from({ length: 136 }, (_, i) => i + 0.123),
    landmarks478: new Float32Array(478 * 3),
    visibility: Object.fromEntries(REGIONS.map((name) => [name, 1])) as Face['visibility'],
    mask: {
      width: 96,
      height: 96,
      extent: 1,
      occluder: new Uint8Array(9216),
      skin: new Uint8Array(9216),
      own: new Uint8Array(9216),
    },
    crop: { centreX: 10, centreY: 10, side: 20, angle: 0 },
  });

function tracked(faces: Face[]): TrackedFrame {
  const frame: Frame = { image: {} as ImageBitmap, time: 1.5, index: 7, width: 64, height: 48, source: 'x' };
  const timings = { pixels: 1, detect: 0, crop: 1, focus: 5.12345, decode: 1, smooth: 0, total: 8 };
  return { frame, faces, timings, provider: 'wasm' };
}

const lineOptions = { points478: false, fov: 63 };

describe('frameLine', () => {
  it('O2 writes the contract of frames.jsonl', () => {
    const line = JSON.parse(frameLine(tracked([face()]), 'a.jpg', lineOptions));
    expect(line).toMatchObject({ file: 'a.jpg', index: 7, time: 1.5, width: 64, height: 48, provider: 'wasm' });
    expect(line.ms.focus).toBe(5.123);
    const [first] = line.faces;
    expect(Object.keys(first)).toEqual([
      ...['id', 'state', 'presence', 'points68', 'pose', 'camera', 'crop', 'coefficients', 'visibility'],
    ]);
    expect(line.fov).toBe(63);
    expect(first.camera).toEqual({ rotation: [0, 0, 0, 1], centre: [0, 0], scale: 1, distance: 800 });
    expect(first.crop).toEqual({ centreX: 10, centreY: 10, side: 20, angle: 0 });
    expect(first.points68).toHaveLength(68);
    expect(first.points68[1]).toEqual([2.12, 3.12]);
    expect(first.pose).toEqual({ rotation: [0, 0, 0, 1], translation: [1, 2, -600.12] });
    expect(first.coefficients.identity).toHaveLength(80);
    expect(first.coefficients.expression.eyeBlinkLeft).toBe(0);
    expect(Object.keys(first.coefficients.expression)).toEqual([...EXPRESSION_NAMES]);
    expect(Object.keys(first.visibility)).toEqual([...REGIONS]);
  });

  it('O2 writes the 478 landmarks on request', () => {
    const line = JSON.parse(frameLine(tracked([face()]), 'a.jpg', { ...lineOptions, points478: true }));
    expect(line.faces[0].points478).toHaveLength(478);
    expect(line.faces[0].points478[0]).toEqual([0, 0, 0]);
  });

  it('O3 no face is an empty list', () => {
    expect(JSON.parse(frameLine(tracked([]), 'a.jpg', lineOptions)).faces).toEqual([]);
  });
});

describe('createNeutralMesh', () => {
  /** Five vertices: two triangles of skin, one that touches an eye. */
  const model = () => ({
    vertexCount: 5,
    triangleCount: 3,
    origin: [0, 0, 0] as const,
    mean: Float32Array.from({ length: 15 }, (_, i) => i),
    triangles: Uint16Array.from([0, 1, 3, 1, 4, 3, 0, 1, 2]),
    part: Uint8Array.from([0, 0, 2, 1, 1]),
    uv: Float32Array.from([0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1]),
    albedoMean: new Float32Array(15).fill(0.5),
    albedoBasis: new Float32Array(10 * 15).fill(1, 0, 15),
    identityBasis: new Float32Array(80 * 15).fill(0.1, 0, 15),
    expressionBasis: new Float32Array(52 * 15).fill(1),
    landmarks68: Uint16Array.from({ length: 68 }, (_, i) => (i === 36 ? 4 : 0)),
  });

  it('O4 writes face and head only, with numbers from 1', () => {
    const mesh = createNeutralMesh(model() as never)(new Float32Array(80));
    expect(mesh.obj).toBe(
      'v 0 1 2\nv 3 4 5\nv 9 10 11\nv 12 13 14\nvt 0 0\nvt 1 0\nvt 0 1\nvt 1 1\nf 1/1 2/2 3/3\nf 2/2 4/4 3/3\n',
    );
  });

  it('O5 landmarks are points of the mesh and move with the identity', () => {
    const mesh = createNeutralMesh(model() as never)(new Float32Array(80).fill(10, 0, 1));
    expect(mesh.landmarks7).toHaveLength(7);
    expect(mesh.landmarks7[0]).toEqual([13, 14, 15]);
    expect(mesh.obj).toContain('v 13 14 15');
  });
});

describe('createAlbedoTexture', () => {
  it('O8 draws the albedo over the UVs with the gamma of the screen, opaque everywhere', () => {
    const model = {
      ...{ vertexCount: 3, triangles: Uint16Array.from([0, 1, 2]), part: Uint8Array.from([0, 0, 1]) },
      uv: Float32Array.from([0, 1, 1, 1, 0, 0]),
      albedoMean: Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]),
      albedoBasis: new Float32Array(10 * 9),
    };
    const size = 16;
    const rgba = createAlbedoTexture(model as never, size)(new Float32Array(10));
    const pixel = (x: number, y: number) => [...rgba.subarray(4 * (y * size + x), 4 * (y * size + x) + 4)];
    const [red, green, blue, alpha] = pixel(0, 0); // v = 1, the first vertex
    expect(red).toBeGreaterThan(240);
    expect([green ?? 0, blue ?? 0].every((value) => value < 70)).toBe(true);
    expect(pixel(13, 0)[1]).toBeGreaterThan(230);
    expect(pixel(0, 13)[2]).toBeGreaterThan(230);
    expect(alpha).toBe(255);
    expect(pixel(15, 15)).toEqual([0, 0, 0, 255]);
  });

  it('O8 a coefficient scales the colours', () => {
    const one = { ...{ vertexCount: 3, triangles: Uint16Array.from([0, 1, 2]), part: new Uint8Array(3) } };
    const flat = { uv: Float32Array.from([0, 1, 1, 1, 0, 0]), albedoMean: new Float32Array(9).fill(0.25) };
    const basis = new Float32Array(90).fill(Math.log(2), 0, 9);
    const draw = createAlbedoTexture({ ...one, ...flat, albedoBasis: basis } as never, 8);
    expect(draw(new Float32Array(10))[0]).toBe(Math.round(255 * 0.25 ** (1 / 2.2)));
    expect(draw(Float32Array.from({ length: 10 }, (_, i) => (i === 0 ? 1 : 0)))[0]).toBe(
      Math.round(255 * 0.5 ** (1 / 2.2)),
    );
  });
});

describe('createSender', () => {
  it('O6 sends in order, in batches, and waits for the one before', async () => {
    const sent: number[][] = [];
    let arrive = () => {};
    const sender = createSender<number>(2, (batch) => {
      sent.push(batch);
      return new Promise((done) => {
        arrive = done;
      });
    });
    await sender.add(1);
    await sender.add(2);
    await sender.add(3);
    let room = false;
    const fourth = sender.add(4).then(() => {
      room = true;
    });
    await Promise.resolve();
    expect([sent, room]).toEqual([[[1, 2]], false]);
    arrive();
    await fourth;
    expect(sent).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('O7 a batch that cannot be sent fails the next call', async () => {
    const sender = createSender<number>(1, async () => {
      throw new Error('gone');
    });
    await sender.add(1);
    await expect(sender.flush()).rejects.toThrow('gone');
  });
});
