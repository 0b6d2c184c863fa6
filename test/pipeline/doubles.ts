import { type Crop, type Frame, REGIONS } from '../../src/face/types';
import type { DecodedFace } from '../../src/focus/decode';

/** A picture that counts how often it is closed. */
export interface FakeImage {
  closed: number;
  close(): void;
}

/** A frame of 640 × 480 whose image tells whether it was closed. */
export function fakeFrame(index: number, time = index / 25): Frame & { readonly image: FakeImage } {
  const image: FakeImage = {
    closed: 0,
    close() {
      image.closed += 1;
    },
  };
  return { image, time, index, width: 640, height: 480, source: 'double' } as unknown as Frame & {
    readonly image: FakeImage;
  };
}

/**
 * What a network might see: a face whose 478 points fill the box that a crop of `side` around the centre belongs to, eyes
 * level. The identities of two persons are `person` × 8 standard deviations apart.
 */
export function seenFace(
  centreX: number,
  centreY: number,
  side: number,
  presence = 1,
  crop?: Crop,
  person = 0,
): DecodedFace {
  const half = side / 1.5 / 2;
  const landmarks478 = new Float32Array(478 * 3);
  for (let i = 0; i < 478; i++) {
    landmarks478[3 * i] = centreX + half * (i % 2 === 0 ? -1 : 1);
    landmarks478[3 * i + 1] = centreY + half * (i % 4 < 2 ? -1 : 1);
  }
  setPoint(landmarks478, 33, centreX - half / 2, centreY);
  setPoint(landmarks478, 263, centreX + half / 2, centreY);
  const rotation = [0, 0, 0, 1] as const;
  return {
    presence,
    landmarks478,
    landmarks68: landmarks478.slice(0, 68 * 2),
    camera: { rotation, centre: [centreX, centreY], scale: 1, distance: 800 },
    pose: { rotation, translation: [0, 0, -500] },
    coefficients: { identity: Float32Array.of(8 * person, ...Array(79).fill(0)) },
    mask: {
      width: 1,
      height: 1,
      extent: 1,
      occluder: Uint8Array.of(0),
      skin: Uint8Array.of(200),
      own: Uint8Array.of(90),
    },
    visibility: Object.fromEntries(REGIONS.map((region) => [region, 1])),
    crop: crop ?? { centreX, centreY, side, angle: 0 },
  } as unknown as DecodedFace;
}

function setPoint(points: Float32Array, index: number, x: number, y: number): void {
  points[3 * index] = x;
  points[3 * index + 1] = y;
}
