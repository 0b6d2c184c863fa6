import { readFileSync } from 'node:fs';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseFaceModel } from '../../../src/face/face-model';
import type { Face } from '../../../src/face/types';
import { DepthOccluder } from '../../../src/render/filter/depth-occluder';
import { FaceSpace } from '../../../src/render/filter/face-space';
import { FaceUploads } from '../../../src/render/filter/face-uploads';
import { FaceShape } from '../../../src/render/mesh/face-shape';
import { createPlacement } from '../../../src/render/view/placement';
import { fitFrame } from '../../../src/render/view/view';

/** Babylon's NullEngine has no cube textures. */
vi.mock('../../../src/render/light/face-light', () => ({
  FaceLight: class {
    update() {}
    dispose() {}
  },
}));

const MODEL = parseFaceModel(Uint8Array.from(readFileSync('public/models/peekaboo/face-model.bin')).buffer);
const SIZE = { width: 640, height: 480 };
const PLACEMENT = createPlacement(fitFrame(SIZE, SIZE, 'contain', false), SIZE, 'full');

let engine: NullEngine;
let uploads: FaceUploads;
let spaces: FaceSpace[];
let shape: FaceShape;

beforeEach(() => {
  engine = new NullEngine();
  uploads = new FaceUploads(engine, MODEL);
  spaces = [1, 2].map(() => new FaceSpace(engine, uploads));
  shape = new FaceShape(MODEL);
});
afterEach(() => engine.dispose());

function face(jawOpen: number): Face {
  const expression = new Float32Array(52).fill(jawOpen);
  const cells = new Uint8Array(96 * 96);
  return {
    camera: { rotation: [0, 0, 0, 1], centre: [320, 240], scale: 1, distance: 800 },
    pose: { rotation: [0, 0, 0, 1], translation: [0, 0, -600] },
    coefficients: {
      identity: new Float32Array(80),
      expression,
      albedo: new Float32Array(10),
      light: new Float32Array(27),
    },
    crop: { centreX: 320, centreY: 240, side: 300, angle: 0 },
    mask: { width: 96, height: 96, extent: 1, occluder: cells, skin: cells, own: cells },
  } as unknown as Face;
}

/** As the filter host does it for each drawing. */
function show(seen: Face): void {
  uploads.uploadFace(seen, shape.setCoefficients(seen.coefficients, false));
  for (const space of spaces) space.setFace(seen, shape, PLACEMENT);
}

const positionsOf = (space: FaceSpace) => [...(space.faceMesh.getVerticesData('position') ?? [])].slice(0, 300);

describe('uploads of a face', () => {
  it('FL17 are made once per frame for all filters, and not again for the same face', () => {
    const depths = spaces.map((space) => new DepthOccluder(space));
    const vertices = vi.spyOn(engine, 'updateDynamicVertexBuffer');
    const masks = vi.spyOn(uploads.maskTexture, 'update');
    const first = face(0.2);
    for (const seen of [first, first, face(0.7)]) {
      vertices.mockClear();
      masks.mockClear();
      show(seen);
      for (const depth of depths) depth.showDepth();
      const isNew = seen !== first || vertices.mock.calls.length > 0;
      expect(vertices).toHaveBeenCalledTimes(isNew ? 3 : 0);
      expect(masks).toHaveBeenCalledTimes(isNew ? 1 : 0);
    }
  });

  it('FL17 reach the mesh of every filter', () => {
    show(face(0));
    const [closed] = spaces.map(positionsOf);
    show(face(0.9));
    const [one, other] = spaces.map(positionsOf);
    expect(one).not.toEqual(closed);
    expect(other).toEqual(one);
    expect(one).toEqual([...shape.vertices.subarray(0, 300)]);
  });

  it('FL17 keep what one filter writes into its mesh out of the others', () => {
    show(face(0));
    const [one, other] = spaces;
    one?.faceMesh.updateVerticesData('position', new Float32Array(shape.vertices.length));
    expect(one && positionsOf(one).every((value) => value === 0)).toBe(true);
    expect(other && positionsOf(other)).toEqual([...shape.vertices.subarray(0, 300)]);
    show(face(0.5));
    for (const space of spaces) expect(positionsOf(space)).toEqual([...shape.vertices.subarray(0, 300)]);
  });

  it('FL17 outlive the filters that used them', () => {
    show(face(0));
    for (const space of spaces.splice(0)) space.dispose();
    expect(uploads.positions.isDisposed).toBe(false);
    expect(uploads.maskTexture.getInternalTexture()).not.toBeNull();
    show(face(0.3));
    uploads.dispose();
    expect(uploads.positions.isDisposed).toBe(true);
    expect(uploads.maskTexture.getInternalTexture()).toBeNull();
  });

  it('FL17 hold the crop’s part of a wide mask, with own hair in blue', () => {
    const update = vi.spyOn(uploads.maskTexture, 'update');
    const cells = (cell: number) => Uint8Array.from({ length: 144 * 144 }, (_, i) => (i === cell ? 255 : 0));
    const first = 24 * 144 + 24;
    const [occluder, skin, own] = [cells(first), cells(0), cells(first + 2)];
    show({ ...face(0), mask: { width: 144, height: 144, extent: 1.5, occluder, skin, own } });
    const bytes = update.mock.lastCall?.[0] as Uint8Array;
    expect([...bytes.subarray(0, 12)]).toEqual([255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0]);
    expect(bytes.filter((value) => value > 0)).toHaveLength(2);
  });

  it('FL17 refuse a mask of another size', () => {
    const none = new Uint8Array(4);
    const mask = { width: 2, height: 2, extent: 1, occluder: none, skin: none, own: none };
    expect(() => uploads.uploadFace({ ...face(0), mask }, shape)).toThrow('96 × 96 cells on the crop, not 2 × 2');
  });
});
