import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget';
import { EXPRESSION_NAMES, type ExpressionName } from '../../face/types';
import { arkitName } from './arkit-name';
import type { LoadedAvatar } from './load';
import { VRM_PRESETS, type VrmPreset, vrmWeights } from './vrm-expressions';
import type { Vrm, VrmDriver } from './vrm-file';

/** A morph target and what moves it. */
export interface ShapeBind {
  readonly mesh: AbstractMesh;
  readonly target: MorphTarget;
  readonly driver: VrmDriver;
  readonly weight: number;
}

/** So many of ARKit's names make VRM's moods and vowels needless. */
const ENOUGH = 20;

/** What moves each morph target of the avatar: ARKit's expressions where it has them, else VRM's presets. */
export function shapeBinds(avatar: LoadedAvatar): ShapeBind[] {
  const named = avatar.meshes.flatMap(namedBinds);
  if (!avatar.vrm) return named;
  const told = vrmBinds(avatar, avatar.vrm);
  const arkit = told.filter(({ driver }) => isExpression(driver));
  const perfect = arkit.length >= ENOUGH ? arkit : named.length >= ENOUGH ? named : [];
  if (perfect.length === 0) return withoutBlink(told.filter(({ driver }) => !isExpression(driver)));
  return perfect;
}

/** Whether the avatar's eyes look about by morph targets. */
export function hasLookShapes(binds: readonly ShapeBind[]): boolean {
  return binds.some(({ driver }) => /^eyeLook|^look/.test(driver));
}

/** Sets all targets: clears them, then adds up what each driver says. */
export class Shapes {
  readonly #weights: Float32Array;
  readonly #targets: readonly MorphTarget[];
  readonly #binds: readonly { readonly target: number; readonly driver: VrmDriver; readonly weight: number }[];

  constructor(binds: readonly ShapeBind[]) {
    this.#targets = [...new Set(binds.map(({ target }) => target))];
    this.#binds = binds.map(({ target, driver, weight }) => ({
      target: this.#targets.indexOf(target),
      driver,
      weight,
    }));
    this.#weights = new Float32Array(this.#targets.length);
  }

  /** 52 numbers in the order of EXPRESSION_NAMES. */
  setExpression(expression: Float32Array): void {
    const values = Object.fromEntries(EXPRESSION_NAMES.map((name, i) => [name, expression[i] ?? 0])) as Record<
      ExpressionName,
      number
    >;
    const drivers: Record<VrmDriver, number> = { ...values, ...vrmWeights(values) };
    this.#weights.fill(0);
    for (const { target, driver, weight } of this.#binds) {
      this.#weights[target] = (this.#weights[target] ?? 0) + weight * drivers[driver];
    }
    this.#targets.forEach((target, i) => {
      target.influence = Math.min(this.#weights[i] ?? 0, 1);
    });
  }
}

function namedBinds(mesh: AbstractMesh): ShapeBind[] {
  const manager = mesh.morphTargetManager;
  if (!manager) return [];
  return Array.from({ length: manager.numTargets }, (_, i) => manager.getTarget(i)).flatMap((target) => {
    const driver = arkitName(target.name);
    return driver ? [{ mesh, target, driver, weight: 1 }] : [];
  });
}

function vrmBinds(avatar: LoadedAvatar, { expressions }: Vrm): ShapeBind[] {
  return [...expressions].flatMap(([driver, binds]) =>
    binds.flatMap(({ node, target, weight }) =>
      avatar.meshesOf(node).flatMap((mesh) => {
        const manager = mesh.morphTargetManager;
        if (!manager || target >= manager.numTargets) return [];
        return [{ mesh, target: manager.getTarget(target), driver, weight }];
      }),
    ),
  );
}

/** Where each lid has its own shape, the one for both would close them twice. */
function withoutBlink(binds: readonly ShapeBind[]): ShapeBind[] {
  const winks = binds.some(({ driver }) => driver === 'blinkLeft' || driver === 'blinkRight');
  return winks ? binds.filter(({ driver }) => driver !== 'blink') : [...binds];
}

function isExpression(driver: VrmDriver): driver is ExpressionName {
  return !VRM_PRESETS.some((preset: VrmPreset) => preset === driver);
}
