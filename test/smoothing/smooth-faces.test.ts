import { describe, expect, it } from 'vitest';
import type { FaceData } from '../../src/face/types';
import { createFacesSmoother } from '../../src/smoothing/smooth-faces';
import { sampleFace, sampleLandmarks } from './sample-face';

const settings = { landmarks: sampleLandmarks };

/** Faces by id and horizontal place. */
const facesAt = (...places: [number, number][]): FaceData[] =>
  places.map(([id, x]) => sampleFace({ id, centre: [x, 100] }));

/** A smoother that answers the horizontal places of the faces that come out. */
function openSmoother() {
  const smoother = createFacesSmoother(settings);
  return (time: number, ...places: [number, number][]) =>
    smoother.smoothFaces(facesAt(...places), time).map((face) => face.camera.centre[0]);
}

describe('smoothing the faces of a source', () => {
  it('S12 each face has its own filters, by its id and not by its index in the list', () => {
    const step = openSmoother();
    step(0, [1, 100], [2, 400]);
    expect(step(0.03, [2, 400], [1, 100])).toEqual([expect.closeTo(400), expect.closeTo(100)]);
  });

  it('S12 the filters of a lost face are removed', () => {
    const step = openSmoother();
    step(0, [1, 100]);
    expect(step(0.03)).toEqual([]);
    expect(step(0.06, [1, 300])).toEqual([expect.closeTo(300)]);
  });

  it('S12 the filters of a held face are kept', () => {
    const smoother = createFacesSmoother(settings);
    const step = (time: number, state: FaceData['state'], x: number) =>
      smoother.smoothFaces(
        facesAt([1, x]).map((face) => ({ ...face, state })),
        time,
      )[0]?.camera.centre[0];
    step(0, 'found', 100);
    for (let i = 1; i < 10; i++) step(0.03 * i, 'tracked', 100);
    step(0.3, 'held', 100);
    // A new memory would take the place as it is.
    expect(step(0.33, 'tracked', 100.2)).toBeLessThan(100.15);
  });

  it('S13 each source has its own filters', () => {
    const [first, second] = [openSmoother(), openSmoother()];
    first(0, [1, 100]);
    expect(first(0.03, [1, 100.2])[0]).toBeLessThan(100.15);
    expect(second(0.03, [1, 100.2])[0]).toBeCloseTo(100.2);
  });

  it('S13 the input is not changed, and values that are not smoothed pass through', () => {
    const faces = facesAt([1, 100]).map((face) => ({ ...face, presence: 0.75 }));
    const before = structuredClone(faces);
    const smoother = createFacesSmoother(settings);
    smoother.smoothFaces(faces, 0);
    expect(smoother.smoothFaces(facesAt([1, 120]), 0.03)[0]?.id).toBe(1);
    expect(faces).toEqual(before);
    expect(smoother.smoothFaces(faces, 0.06)[0]).toMatchObject({ presence: 0.75, crop: before[0]?.crop });
  });

  it('S14 an earlier time resets the filters', () => {
    const step = openSmoother();
    step(10, [1, 100]);
    expect(step(0, [1, 300])[0]).toBeCloseTo(300);
  });

  it('S14 frames of the same time are smoothed, also many of them, and the stream goes on', () => {
    const step = openSmoother();
    step(1, [1, 100]);
    for (let i = 0; i < 60; i++) expect(step(1, [1, 100])[0]).toBeCloseTo(100);
    expect(step(1.04, [1, 100])[0]).toBeCloseTo(100);
    expect(step(1.08, [1, 100])[0]).toBeCloseTo(100);
  });
});
