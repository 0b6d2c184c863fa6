import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget';
import { arkitName } from '../../face/arkit-name';
import { at, float32At, uint16At } from '../../face/at';
import { viewExpression } from '../../face/expression';
import { EXPRESSION_NAMES, type ExpressionName } from '../../face/types';
import { VRM_PRESETS, type VrmPreset, writeVrmWeights } from '../../face/vrm-expressions';
import type { LoadedAvatar } from './load';
import type { Vrm, VrmDriver } from './vrm-file';

/** A morph target and the expression that drives it. */
export interface ShapeBind {
  readonly mesh: AbstractMesh;
  readonly target: MorphTarget;
  readonly driver: VrmDriver;
  readonly weight: number;
}

/** With at least this many of ARKit's expressions, VRM's moods and vowels are not used. */
const ENOUGH = 20;

/** The binds of an avatar's morph targets: to ARKit's expressions where the avatar has them, else to VRM's presets. */
export function shapeBinds(avatar: LoadedAvatar): ShapeBind[] {
  const named = avatar.meshes.flatMap(namedBinds);
  if (!avatar.vrm) return named;
  const declared = vrmBinds(avatar, avatar.vrm);
  const arkit = declared.filter(({ driver }) => isExpression(driver));
  const perfect = arkit.length >= ENOUGH ? arkit : named.length >= ENOUGH ? named : [];
  if (perfect.length === 0) return withoutBlink(declared.filter(({ driver }) => !isExpression(driver)));
  return perfect;
}

/** Whether morph targets turn the avatar's eyes. */
export function hasLookShapes(binds: readonly ShapeBind[]): boolean {
  return binds.some(({ driver }) => /^eyeLook|^look/.test(driver));
}

const DRIVERS: readonly VrmDriver[] = [...EXPRESSION_NAMES, ...VRM_PRESETS];

/** Writes expressions to morph targets. Drivers and targets are bound by index when the avatar is loaded. */
export class Shapes {
  readonly #targets: readonly MorphTarget[];
  /** Per bind: index of its target, index of its driver, weight. */
  readonly #bindTargets: Uint16Array;
  readonly #bindDrivers: Uint16Array;
  readonly #bindWeights: Float32Array;
  /** Value of each of DRIVERS; the first 52 are ARKit's expression. */
  readonly #drivers = new Float32Array(DRIVERS.length);
  readonly #expression = viewExpression(this.#drivers.subarray(0, EXPRESSION_NAMES.length));
  readonly #presets = this.#drivers.subarray(EXPRESSION_NAMES.length);
  readonly #usesPresets: boolean;
  readonly #influences: Float32Array;

  constructor(binds: readonly ShapeBind[]) {
    this.#targets = [...new Set(binds.map(({ target }) => target))];
    this.#bindTargets = Uint16Array.from(binds, ({ target }) => this.#targets.indexOf(target));
    this.#bindDrivers = Uint16Array.from(binds, ({ driver }) => DRIVERS.indexOf(driver));
    this.#bindWeights = Float32Array.from(binds, ({ weight }) => weight);
    this.#usesPresets = binds.some(({ driver }) => !isExpression(driver));
    this.#influences = new Float32Array(this.#targets.length);
  }

  /** Sets the influence of every bound target. `expression`: 52 values in the order of EXPRESSION_NAMES. */
  setExpression(expression: Float32Array): void {
    this.#drivers.set(expression);
    if (this.#usesPresets) writeVrmWeights(this.#expression, this.#presets);
    const influences = this.#influences.fill(0);
    for (let i = 0; i < this.#bindTargets.length; i++) {
      const target = uint16At(this.#bindTargets, i);
      const value = float32At(this.#bindWeights, i) * float32At(this.#drivers, uint16At(this.#bindDrivers, i));
      influences[target] = float32At(influences, target) + value;
    }
    for (let i = 0; i < influences.length; i++) at(this.#targets, i).influence = Math.min(float32At(influences, i), 1);
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

/** Drops the shape for both lids where each lid has its own: together they would close the lids twice. */
function withoutBlink(binds: readonly ShapeBind[]): ShapeBind[] {
  const winks = binds.some(({ driver }) => driver === 'blinkLeft' || driver === 'blinkRight');
  return winks ? binds.filter(({ driver }) => driver !== 'blink') : [...binds];
}

function isExpression(driver: VrmDriver): driver is ExpressionName {
  return !VRM_PRESETS.some((preset: VrmPreset) => preset === driver);
}
