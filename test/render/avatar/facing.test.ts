import { describe, expect, it } from 'vitest';
import { boneOf } from '../../../src/face/bone-name';
import { loadAvatar } from '../../../src/render/avatar/load';
import { AvatarRig } from '../../../src/render/avatar/rig';
import { type AvatarRecipe, avatarGlb, EYE, type Json, NODES } from './avatar-files';
import { LIDS, NO_NAMES, useAvatarScene } from './test-scene';

const scene = useAvatarScene();

async function rigOf(recipe: AvatarRecipe): Promise<AvatarRig> {
  return new AvatarRig(await loadAvatar(avatarGlb(recipe), 'test.glb', scene()));
}

/** Rotates the whole file about y, in radians. */
function turn(angle: number) {
  return (json: Json) =>
    Object.assign(json.nodes[NODES.neck] ?? {}, { rotation: [0, Math.sin(angle / 2), 0, Math.cos(angle / 2)] });
}

/** Adds arms that are stretched out. `flip`: −1 for a file that looks along −z. */
function withArms(
  flip: number,
  [left, leftElbow, right, rightElbow] = ['LeftArm', 'LeftForeArm', 'RightArm', 'RightForeArm'],
) {
  return ({ nodes, scenes }: Json) => {
    const first = nodes.length;
    nodes.push({ name: left, translation: [flip * 0.15, 1.35, 0], children: [first + 1] });
    nodes.push({ name: leftElbow, translation: [flip * 0.28, 0, 0] });
    nodes.push({ name: right, translation: [flip * -0.15, 1.35, 0], children: [first + 3] });
    nodes.push({ name: rightElbow, translation: [flip * -0.28, 0, 0] });
    (scenes as { nodes: number[] }[])[0]?.nodes.push(first, first + 2);
  };
}

function placeOf(name: string): readonly [number, number, number] {
  const node = scene().getTransformNodeByName(name);
  node?.computeWorldMatrix(true);
  const { x, y, z } = node?.getAbsolutePosition() ?? {};
  return [x ?? 0, y ?? 0, z ?? 0];
}

const FILES: Readonly<Record<string, AvatarRecipe>> = {
  'eye bones': { targets: ['jawOpen'] },
  'blink shapes': { targets: LIDS, boneNames: NO_NAMES },
  'a mouth shape': { targets: ['mouthPucker'], boneNames: NO_NAMES },
};

describe('direction of an avatar', { timeout: 60_000 }, () => {
  for (const [name, recipe] of Object.entries(FILES)) {
    it.each([
      ['+z', {}],
      ['−z, as VRM 0', { backward: true }],
      ['+x', { change: turn(Math.PI / 2) }],
      ['−x', { change: turn(-Math.PI / 2) }],
    ])(`AV5 a plain GLB with ${name} that looks along %s is turned to +z`, async (_, change) => {
      const rig = await rigOf({ ...recipe, ...change });
      expect(rig.measure.eyes[0]).toBeCloseTo(0, 2);
      expect(rig.measure.eyes[2]).toBeGreaterThan(0.05);
      expect(rig.notice).toBeNull();
    });
  }

  it('AV5 the left eye stays on the left', async () => {
    await rigOf({ targets: LIDS, backward: true });
    expect(placeOf('LeftEye')[0]).toBeCloseTo(EYE[0], 3);
  });

  it('AV5 without eyes, the sides of the arms show the direction', async () => {
    await rigOf({ targets: [], boneNames: NO_NAMES, backward: true, change: withArms(-1) });
    expect(placeOf('LeftArm')[0]).toBeGreaterThan(0.1);
  });

  it('AV5 an avatar whose direction is unknown is not turned, and the page says what to do', async () => {
    const { notice } = await rigOf({ targets: [], boneNames: NO_NAMES, backward: true });
    expect(notice).toMatch(/If it faces away, turn it by 180°/);
  });

  it.each([
    ['+z', 1, {}],
    ['−z', -1, { backward: true }],
  ])('AV20 lowers arms that are stretched out, in a file that looks along %s', async (_, flip, way) => {
    await rigOf({ targets: LIDS, ...way, change: withArms(flip) });
    for (const elbow of ['LeftForeArm', 'RightForeArm']) expect(placeOf(elbow)[1]).toBeLessThan(1.35 - 0.2);
    expect(placeOf('LeftForeArm')[0]).toBeGreaterThan(0.1);
    expect(placeOf('RightForeArm')[0]).toBeLessThan(-0.1);
  });

  it('AV20 lowers arms without known elbows', async () => {
    await rigOf({ targets: LIDS, change: withArms(1, ['upper_arm.L', 'x', 'upper_arm.R', 'y']) });
    expect([placeOf('x')[1], placeOf('y')[1]].every((y) => y < 1.15)).toBe(true);
  });
});

describe('boneOf', () => {
  it.each([
    ['mixamorig:LeftArm', 'leftUpperArm'],
    ['mixamorig9:RightForeArm', 'rightLowerArm'],
    ['J_Bip_L_UpperArm', 'leftUpperArm'],
    ['J_Adj_R_FaceEye', 'rightEye'],
    ['J_Bip_C_Head', 'head'],
    ['Bip01 L Forearm', 'leftLowerArm'],
    ['upper_arm.R', 'rightUpperArm'],
    ['DEF-forearm.L', 'leftLowerArm'],
    ['upperarm_l', 'leftUpperArm'],
    ['CC_Base_R_Eye', 'rightEye'],
    ['CC_Base_Head', 'head'],
    ['Left arm', 'leftUpperArm'],
    ['LeftEye', 'leftEye'],
    ['eye.R', 'rightEye'],
    ['neck_01', 'neck'],
    ['Head', 'head'],
  ])('AV8 %s is %s', (name, bone) => {
    expect(boneOf(name)).toBe(bone);
  });

  it.each(['HeadTop_End', 'LeftHand', 'Arm', 'LeftShoulder', 'Forehead', 'Ear_L', 'Charm_L', ''])(
    'AV8 %s is no known bone',
    (name) => {
      expect(boneOf(name)).toBeUndefined();
    },
  );
});
