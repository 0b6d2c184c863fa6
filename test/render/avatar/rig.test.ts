import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { describe, expect, it } from 'vitest';
import { exponential } from '../../../src/face/rotation';
import { EXPRESSION_NAMES, type ExpressionName, type Quaternion } from '../../../src/face/types';
import { loadAvatar } from '../../../src/render/avatar/load';
import type { AvatarPose } from '../../../src/render/avatar/motion';
import { AvatarRig } from '../../../src/render/avatar/rig';
import { type AvatarRecipe, avatarGlb, EYE, MOUTH, VRM0_NAMES, VRM1_NAMES, vrm0, vrm1 } from './avatar-files';
import { useAvatarScene } from './test-scene';

const scene = useAvatarScene();

async function rigOf(recipe: AvatarRecipe): Promise<AvatarRig> {
  return new AvatarRig(await loadAvatar(avatarGlb(recipe), 'test.glb', scene()));
}

function pose(values: Partial<Record<ExpressionName, number>>, rotation: Quaternion = [0, 0, 0, 1]): AvatarPose {
  const expression = Float32Array.from(EXPRESSION_NAMES, (name) => values[name] ?? 0);
  return { expression, rotation, offset: [0, 0, 0], presence: 1 };
}

function influence(rig: AvatarRig, name: string): number | undefined {
  const managers = rig.avatar.meshes.flatMap(({ morphTargetManager }) => morphTargetManager ?? []);
  const targets = managers.flatMap((manager) =>
    Array.from({ length: manager.numTargets }, (_, i) => manager.getTarget(i)),
  );
  return targets.find((target) => target.name === name)?.influence;
}

/** Where a node's +z goes, in the world. */
function forward(name: string): readonly number[] {
  const node = scene().getTransformNodeByName(name) ?? scene().getMeshByName(name);
  node?.computeWorldMatrix(true);
  const [x, y, z] = node?.getDirection(new Vector3(0, 0, 1)).asArray() ?? [];
  return [x ?? 0, y ?? 0, z ?? 0];
}

const RECIPES: Readonly<Record<string, AvatarRecipe>> = {
  'ARKit’s names': { targets: ['eyeBlink_L', 'eyeBlink_R', 'jawOpen', 'mouthPucker'] },
  'VRM 0': { targets: VRM0_NAMES, extensions: { VRM: vrm0(VRM0_NAMES) }, backward: true },
  'VRM 1': { targets: VRM1_NAMES, extensions: { VRMC_vrm: vrm1(VRM1_NAMES) } },
};

describe('avatar rig', { timeout: 60_000 }, () => {
  it.each(Object.entries(RECIPES))(
    'AV5 measures a head with %s: eyes, mouth, width; it looks along z',
    async (_, recipe) => {
      const { measure } = await rigOf(recipe);
      expect(measure.eyes[0]).toBeCloseTo(0, 2);
      expect(measure.eyes[1]).toBeCloseTo(EYE[1], 2);
      expect(measure.eyes[2]).toBeGreaterThan(0.06);
      expect(measure.eyeDistance).toBeCloseTo(2 * EYE[0], 3);
      expect(Math.abs(measure.mouthDrop - (EYE[1] - MOUTH[1]))).toBeLessThan(0.015);
      expect(measure.halfWidth).toBeGreaterThan(0.06);
      expect(measure.halfWidth).toBeLessThan(0.08);
    },
  );

  it('AV6 clears all shapes, then sets those of this frame', async () => {
    const rig = await rigOf({ targets: ['eyeBlink_L', 'eyeBlink_R', 'jawOpen'] });
    rig.applyPose(pose({ eyeBlinkLeft: 0.8, jawOpen: 0.3 }), false);
    expect(influence(rig, 'eyeBlink_L')).toBeCloseTo(0.8);
    expect(influence(rig, 'eyeBlink_R')).toBe(0);
    rig.applyPose(pose({ eyeBlinkRight: 0.4 }), false);
    expect(influence(rig, 'eyeBlink_L')).toBe(0);
    expect(influence(rig, 'eyeBlink_R')).toBeCloseTo(0.4);
    expect(influence(rig, 'jawOpen')).toBe(0);
  });

  it('AV6 never goes beyond a shape’s full extent, however many drivers it has', async () => {
    const targets = ['aa'];
    const extension = vrm1(targets);
    const twice = { preset: { aa: bind(1), happy: bind(1) } };
    const rig = await rigOf({ targets, extensions: { VRMC_vrm: { ...extension, expressions: twice } } });
    rig.applyPose(pose({ jawOpen: 1, mouthSmileLeft: 1, mouthSmileRight: 1 }), false);
    expect(influence(rig, 'aa')).toBe(1);
  });

  it.each(['VRM 0', 'VRM 1'] as const)('AV7 %s closes each lid once and opens the mouth', async (kind) => {
    const rig = await rigOf(RECIPES[kind] ?? { targets: [] });
    const [both, left, right, open] =
      kind === 'VRM 0' ? ['blink', 'blink_l', 'blink_r', 'a'] : ['blink', 'blinkLeft', 'blinkRight', 'aa'];
    rig.applyPose(pose({ eyeBlinkLeft: 1, jawOpen: 0.6 }), false);
    expect([both, left, right, open].map((name) => influence(rig, name ?? ''))).toEqual([0, 1, 0, 1]);
  });

  it.each(Object.keys(RECIPES))('AV8 %s turns head and eyes to the subject’s left, down and about', async (kind) => {
    const backward = kind === 'VRM 0' ? -1 : 1;
    const rig = await rigOf(RECIPES[kind] ?? { targets: [] });
    rig.applyPose(pose({}, exponential([0, 0.5, 0])), true);
    const turned = forward('Head');
    expect(backward * (turned[0] ?? 0)).toBeCloseTo(Math.sin(0.5), 4);
    expect(backward * (forward('Neck')[0] ?? 0)).toBeCloseTo(Math.sin(0.2), 4);
    rig.applyPose(pose({}, exponential([0.4, 0, 0])), true);
    expect(backward * (forward('Head')[1] ?? 0)).toBeCloseTo(-Math.sin(0.4), 4);
    rig.applyPose(pose({ eyeLookOutLeft: 1, eyeLookInRight: 1 }), true);
    expect(backward * (forward('LeftEye')[0] ?? 0)).toBeGreaterThan(0.3);
    expect(backward * (forward('RightEye')[0] ?? 0)).toBeGreaterThan(0.3);
    expect(forward('Head')[0]).toBeCloseTo(0, 5);
  });

  it('AV8 leaves the neck at rest where the avatar is placed as a whole', async () => {
    const rig = await rigOf({ targets: ['jawOpen'] });
    rig.applyPose(pose({}, exponential([0, 0.5, 0])), false);
    expect(forward('Head')[0]).toBeCloseTo(0, 5);
  });

  it('AV9 says that an avatar without known shapes only turns its head', async () => {
    expect((await rigOf({ targets: ['Smile'] })).notice).toMatch(/turns its head/);
    expect((await rigOf({ targets: ['jawOpen'] })).notice).toBeNull();
  });
});

function bind(weight: number) {
  return { morphTargetBinds: [{ node: 4, index: 0, weight }] };
}
