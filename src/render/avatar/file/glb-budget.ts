import { AvatarError } from '../avatar-error';
import type { Gltf } from './gltf';
import { MOST_DEPTH, MOST_DRAWS, MOST_MORPH_NUMBERS, MOST_NODES, MOST_TRIANGLES, MOST_VERTEX_NUMBERS } from './limits';

type Mesh = NonNullable<Gltf['meshes']>[number];
type Accessor = NonNullable<Gltf['accessors']>[number];

/** Numbers per element of an accessor. */
export const COMPONENTS: Readonly<Record<string, number>> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};

/** What a mesh, or a whole file, costs to draw. */
interface Cost {
  triangles: number;
  draws: number;
  vertexNumbers: number;
  morphNumbers: number;
}

/** Throws AvatarError unless the nodes form trees of limited size: each has at most one parent, none is its own ancestor. */
export function checkNodes({ nodes = [] }: Gltf, name: string): void {
  if (nodes.length > MOST_NODES) {
    throw new AvatarError(
      `${name} has ${count(nodes.length)} nodes, ${count(MOST_NODES)} at most. Reduce it in a 3D program.`,
    );
  }
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach(({ children = [] }, parent) => {
    for (const child of children) {
      if (!nodes[child] || parents[child] !== -1) {
        throw new AvatarError(`${name} is broken: node ${child} is missing or has two parents. Export it again.`);
      }
      parents[child] = parent;
    }
  });
  const roots = [...nodes.keys()].filter((node) => parents[node] === -1);
  let level = roots;
  let visited = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) {
      throw new AvatarError(`${name} nests more than ${MOST_DEPTH} nodes in each other. Reduce it in a 3D program.`);
    }
    visited += level.length;
    level = level.flatMap((node) => nodes[node]?.children ?? []);
  }
  // Nodes of a cycle cannot be reached from a root.
  if (visited < nodes.length) throw new AvatarError(`${name} is broken: its nodes form a cycle. Export it again.`);
}

/** Throws AvatarError if drawing the file costs too much. A mesh is drawn once for each node that uses it. */
export function checkCost({ nodes = [], meshes = [], accessors = [] }: Gltf, name: string): void {
  const costs = meshes.map((mesh) => costOf(mesh, accessors));
  const total: Cost = { triangles: 0, draws: 0, vertexNumbers: 0, morphNumbers: 0 };
  for (const { mesh } of nodes) {
    const cost = mesh === undefined ? undefined : costs[mesh];
    if (mesh !== undefined && !cost)
      throw new AvatarError(`${name} is broken: mesh ${mesh} is missing. Export it again.`);
    if (!cost) continue;
    total.triangles += cost.triangles;
    total.draws += cost.draws;
    total.vertexNumbers += cost.vertexNumbers;
    total.morphNumbers += cost.morphNumbers;
  }
  if (total.triangles === 0) throw new AvatarError(`${name} has no mesh in it. Export the avatar with its meshes.`);
  const excess = excessOf(total);
  if (excess)
    throw new AvatarError(`${name} is too heavy to draw for every frame: ${excess}. Reduce it in a 3D program.`);
}

function excessOf({ triangles, draws, vertexNumbers, morphNumbers }: Cost): string | undefined {
  const limits: readonly [string, number, number][] = [
    ['triangles', triangles, MOST_TRIANGLES],
    ['mesh parts', draws, MOST_DRAWS],
    ['numbers in its vertices', vertexNumbers, MOST_VERTEX_NUMBERS],
    ['numbers in its shapes', morphNumbers, MOST_MORPH_NUMBERS],
  ];
  const exceeded = limits.find(([, value, most]) => !(value <= most));
  return exceeded && `${count(exceeded[1])} ${exceeded[0]}, ${count(exceeded[2])} at most`;
}

function costOf({ primitives }: Mesh, accessors: readonly Accessor[]): Cost {
  const cost: Cost = { triangles: 0, draws: primitives.length, vertexNumbers: 0, morphNumbers: 0 };
  const elements = (accessor: number | undefined) => (accessor === undefined ? 0 : (accessors[accessor]?.count ?? 0));
  for (const { indices, attributes, targets = [] } of primitives) {
    const vertices = elements(attributes.POSITION);
    cost.triangles += (indices === undefined ? vertices : elements(indices)) / 3;
    for (const accessor of Object.values(attributes)) {
      cost.vertexNumbers += elements(accessor) * (COMPONENTS[accessors[accessor]?.type ?? ''] ?? 4);
    }
    cost.morphNumbers += 3 * vertices * targets.reduce((sum, target) => sum + Object.keys(target).length, 0);
  }
  return cost;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
