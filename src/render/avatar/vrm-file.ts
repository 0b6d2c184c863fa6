import * as v from 'valibot';
import { arkitName } from '../../face/arkit-name';
import { VRM_BONES, type VrmBone } from '../../face/bone-name';
import type { ExpressionName } from '../../face/types';
import { VRM_PRESETS, VRM0_PRESETS, type VrmPreset } from '../../face/vrm-expressions';
import type { Gltf } from './file/gltf';

/** A morph target of one of the file's nodes; `weight`: its influence at value 1. */
export interface VrmBind {
  readonly node: number;
  readonly target: number;
  readonly weight: number;
}

/** The value that drives a bind: one of VRM's presets or one of ARKit's expressions. */
export type VrmDriver = VrmPreset | ExpressionName;

/** The VRM data that is used. */
export interface Vrm {
  readonly version: 0 | 1;
  /** Node indices in the file. */
  readonly bones: Readonly<Partial<Record<VrmBone, number>>>;
  readonly expressions: ReadonlyMap<VrmDriver, readonly VrmBind[]>;
  /** Whether the eyes are rotated as bones or moved by morph targets. */
  readonly eyes: 'bone' | 'expression';
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const list = <T extends v.GenericSchema>(item: T) => v.optional(v.nullable(v.array(item)), []);

const vrm0Schema = v.looseObject({
  humanoid: v.optional(v.looseObject({ humanBones: list(v.looseObject({ bone: v.string(), node: v.number() })) })),
  firstPerson: v.optional(v.looseObject({ lookAtTypeName: v.optional(v.string()) })),
  blendShapeMaster: v.optional(
    v.looseObject({
      blendShapeGroups: list(
        v.looseObject({
          name: v.optional(v.string(), ''),
          presetName: v.optional(v.string(), 'unknown'),
          binds: list(v.looseObject({ mesh: index, index, weight: v.number() })),
        }),
      ),
    }),
  ),
});

const vrm1Expression = v.looseObject({
  morphTargetBinds: list(v.looseObject({ node: index, index, weight: v.number() })),
});
const vrm1Expressions = v.optional(v.record(v.string(), vrm1Expression), {});

const vrm1Schema = v.looseObject({
  humanoid: v.looseObject({ humanBones: v.record(v.string(), v.looseObject({ node: index })) }),
  lookAt: v.optional(v.looseObject({ type: v.optional(v.string()) })),
  expressions: v.optional(v.looseObject({ preset: vrm1Expressions, custom: vrm1Expressions })),
});

/** The VRM data of a glTF file; null where there is none or it is invalid. */
export function readVrm(gltf: Gltf): Vrm | null {
  const one = v.safeParse(vrm1Schema, gltf.extensions?.VRMC_vrm);
  if (one.success) return readVrm1(one.output);
  const zero = v.safeParse(vrm0Schema, gltf.extensions?.VRM);
  return zero.success ? readVrm0(zero.output, gltf) : null;
}

function readVrm1({ humanoid, lookAt, expressions }: v.InferOutput<typeof vrm1Schema>): Vrm {
  const drivers = new Map<VrmDriver, VrmBind[]>();
  const all = { ...expressions?.custom, ...expressions?.preset };
  for (const [name, { morphTargetBinds }] of Object.entries(all)) {
    const binds = (morphTargetBinds ?? []).map(({ node, index: target, weight }) => ({ node, target, weight }));
    add(drivers, VRM_PRESETS.find((preset) => preset === name) ?? arkitName(name), binds);
  }
  const nodes = Object.entries(humanoid.humanBones).map(([bone, { node }]) => [bone, node] as const);
  return { version: 1, bones: bonesOf(nodes), expressions: drivers, eyes: eyesOf(lookAt?.type === 'bone') };
}

function readVrm0({ humanoid, firstPerson, blendShapeMaster }: v.InferOutput<typeof vrm0Schema>, gltf: Gltf): Vrm {
  const drivers = new Map<VrmDriver, VrmBind[]>();
  for (const { name, presetName, binds } of blendShapeMaster?.blendShapeGroups ?? []) {
    const driver = VRM0_PRESETS[presetName.toLowerCase()] ?? arkitName(name);
    add(
      drivers,
      driver,
      (binds ?? []).flatMap((bind) => nodesOf(gltf, bind)),
    );
  }
  const nodes = (humanoid?.humanBones ?? []).map(({ bone, node }) => [bone, node] as const);
  return {
    version: 0,
    bones: bonesOf(nodes),
    expressions: drivers,
    eyes: eyesOf(firstPerson?.lookAtTypeName !== 'BlendShape'),
  };
}

/** VRM 0 refers to meshes instead of nodes, and gives weights in percent. */
function nodesOf({ nodes = [] }: Gltf, bind: { mesh: number; index: number; weight: number }): VrmBind[] {
  const using = nodes.flatMap(({ mesh }, node) => (mesh === bind.mesh ? [node] : []));
  return using.map((node) => ({ node, target: bind.index, weight: bind.weight / 100 }));
}

function add(drivers: Map<VrmDriver, VrmBind[]>, driver: VrmDriver | null, binds: readonly VrmBind[]): void {
  if (driver && binds.length > 0) drivers.set(driver, [...(drivers.get(driver) ?? []), ...binds]);
}

function bonesOf(nodes: readonly (readonly [string, number])[]): Partial<Record<VrmBone, number>> {
  const known = nodes.filter(([bone, node]) => VRM_BONES.some((name) => name === bone) && node >= 0);
  return Object.fromEntries(known) as Partial<Record<VrmBone, number>>;
}

function eyesOf(bone: boolean): Vrm['eyes'] {
  return bone ? 'bone' : 'expression';
}
