import { at } from '../../src/face/at';
import type { Vector3 } from '../../src/face/types';
import { joined, type Mesh, type Section, tube } from './mesh';

/**
 * A right hand with its forearm, mm: the wrist at the origin, fingers along +y, the back of the hand towards +z, the
 * thumb at −x. `width` −1 makes a left one.
 */
export function handMesh(mirrored = false): Mesh {
  const mesh = joined([tube(ARM, 16), ...FINGERS.map(finger), thumb()]);
  return mirrored ? mirror(mesh) : mesh;
}

const section = (y: number, width: number, depth: number): Section => ({ at: [0, y, 0], radii: [width, depth] });

/** Forearm, wrist and palm. */
const ARM: readonly Section[] = [
  section(-330, 46, 42),
  section(-160, 41, 35),
  section(-50, 30, 22),
  section(0, 27, 18),
  section(30, 35, 17),
  section(65, 41, 15),
  section(88, 41, 12),
];

interface Finger {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly radius: number;
  /** Radians away from straight up, to +x. */
  readonly spread: number;
}

const FINGERS: readonly Finger[] = [
  { x: -29, y: 84, length: 74, radius: 9.6, spread: -0.12 },
  { x: -9, y: 90, length: 84, radius: 9.8, spread: -0.02 },
  { x: 12, y: 88, length: 78, radius: 9.2, spread: 0.07 },
  { x: 30, y: 80, length: 60, radius: 8.2, spread: 0.2 },
];

/** A finger bends a little towards the palm's side, more at each joint. */
function finger({ x, y, length, radius, spread }: Finger): Mesh {
  const bones = [0, 0.25, 0.5, 0.62, 0.75, 0.88, 1];
  const thick = [1.1, 0.98, 1.06, 0.93, 0.97, 0.88, 0.78];
  const sections = bones.map((share, i): Section => {
    const bend = -0.16 * length * share ** 2;
    const reach = length * share;
    const place: Vector3 = [x + Math.sin(spread) * reach, y + Math.cos(spread) * reach, bend];
    const size = radius * at(thick, i);
    return { at: place, radii: [size, size * 0.9] };
  });
  return tube(sections, 12);
}

function thumb(): Mesh {
  const path: [Vector3, number][] = [
    [[-18, 22, -4], 15],
    [[-38, 46, -9], 13],
    [[-52, 68, -12], 11],
    [[-60, 90, -14], 10.5],
    [[-63, 106, -16], 8.5],
  ];
  return tube(
    path.map(([at, radius]) => ({ at, radii: [radius, radius * 0.9] })),
    12,
  );
}

function mirror({ positions, triangles }: Mesh): Mesh {
  const flipped = triangles.slice();
  for (let t = 0; t < flipped.length; t += 3) {
    flipped[t + 1] = at(triangles, t + 2);
    flipped[t + 2] = at(triangles, t + 1);
  }
  return { positions: positions.map((value, i) => (i % 3 === 0 ? -value : value)), triangles: flipped };
}
