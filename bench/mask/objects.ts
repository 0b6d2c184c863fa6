import { at } from '../../src/face/at';
import type { Pose, Seconds, Vector3 } from '../../src/face/types';
import { handMesh } from '../truth/hand';
import type { Mesh } from '../truth/mesh';
import { joined, tube } from '../truth/mesh';
import { createRandom } from '../truth/random';
import { turned, wristPose } from '../truth/scripts';

/** A moving object, mm in the frame's camera. */
export interface MovingObject {
  readonly mesh: Mesh;
  /** n × 3, linear RGB. */
  readonly albedo: Float32Array;
  poseAt(time: Seconds): Pose;
}

export const OBJECTS = ['hand', 'mug', 'book'] as const;
export type ObjectName = (typeof OBJECTS)[number];

/** Distance of objects from the camera, mm: slightly nearer than all heads. */
const DEPTH = -330;
const wave = (time: Seconds, hertz: number, phase = 0) => Math.sin(2 * Math.PI * (hertz * time + phase));

/** Things move about the place `at` (mm, where the mouth is) over and away from the lower half of the face. */
export function movingObject(name: ObjectName, at: readonly [number, number]): MovingObject {
  const [x, y] = at;
  const spot = (time: Seconds): Vector3 => [
    x + 14 + 34 * wave(time, 0.55, 0.1),
    y - 12 + 26 * wave(time, 0.4, 0.6),
    DEPTH + 12 * wave(time, 0.3),
  ];
  if (name === 'hand') {
    const mesh = handMesh(true);
    const rotation = (time: Seconds) =>
      turned({ roll: 38 + 14 * wave(time, 0.45), pitch: 8, yaw: 6 * wave(time, 0.6) });
    return {
      mesh,
      albedo: blotched(mesh, [0.5, 0.27, 0.19], 0.1),
      poseAt: (time) => wristPose(spot(time), rotation(time)),
    };
  }
  const mesh = name === 'mug' ? mugMesh() : bookMesh();
  const albedo =
    name === 'mug' ? striped(mesh, [0.75, 0.74, 0.7], [0.06, 0.16, 0.45]) : blotched(mesh, [0.3, 0.05, 0.06], 0.5);
  const tilt = name === 'mug' ? 6 : 18;
  const drop = name === 'mug' ? 18 : 46;
  return {
    mesh,
    albedo,
    poseAt(time) {
      const [u, v, w] = spot(time);
      const rotation = turned({ roll: tilt + 9 * wave(time, 0.5), pitch: 6, yaw: 8 * wave(time, 0.35, 0.4) });
      return { rotation, translation: [u, v - drop, w] };
    },
  };
}

/** 80 mm wide, 95 mm high, with a handle. */
function mugMesh(): Mesh {
  const wall = [-48, -46, -20, 10, 40, 47].map((y) => ({ at: [0, y, 0] as Vector3, radii: [40, 40] as const }));
  const bow = Array.from({ length: 9 }, (_, i) => {
    const angle = -1.35 + (2.7 * i) / 8;
    return { at: [36 + 30 * Math.cos(angle), 32 * Math.sin(angle), 0] as Vector3, radii: [6.5, 6.5] as const };
  });
  return joined([tube(wall, 28), tube(bow, 10)]);
}

/** A board of 150 × 110 × 22 mm, finely divided so that its colours can change over it. */
function bookMesh(): Mesh {
  const columns = 16;
  const rows = 12;
  const positions: number[] = [];
  const triangles: number[] = [];
  for (const z of [11, -11]) {
    for (let j = 0; j <= rows; j++)
      for (let i = 0; i <= columns; i++) positions.push(150 * (i / columns - 0.5), 110 * (j / rows - 0.5), z);
  }
  const layer = (columns + 1) * (rows + 1);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const a = j * (columns + 1) + i;
      const [b, c, d] = [a + 1, a + columns + 2, a + columns + 1];
      triangles.push(a, b, c, a, c, d, layer + a, layer + c, layer + b, layer + a, layer + d, layer + c);
    }
  }
  const side = (from: number, to: number) => triangles.push(from, from + layer, to, to, from + layer, to + layer);
  for (let i = 0; i < columns; i++) {
    side(i, i + 1);
    side(rows * (columns + 1) + i + 1, rows * (columns + 1) + i);
  }
  for (let j = 0; j < rows; j++) {
    side((j + 1) * (columns + 1), j * (columns + 1));
    side(j * (columns + 1) + columns, (j + 1) * (columns + 1) + columns);
  }
  return { positions: Float32Array.from(positions), triangles: Uint16Array.from(triangles) };
}

type Colour = readonly [number, number, number];

function blotched({ positions }: Mesh, colour: Colour, deviation: number): Float32Array {
  const random = createRandom(77);
  const out = new Float32Array(positions.length);
  for (let i = 0; i < out.length; i += 3) {
    const blotch = Math.exp(deviation * random.normal());
    for (let k = 0; k < 3; k++) out[i + k] = at(colour, k) * blotch;
  }
  return out;
}

/** Two colours in bands along y. */
function striped({ positions }: Mesh, ground: Colour, band: Colour): Float32Array {
  return positions.map((_, i) => {
    const y = at(positions, i - (i % 3) + 1);
    return at(Math.abs(y - 5) < 16 ? band : ground, i % 3);
  });
}
