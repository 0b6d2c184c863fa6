import { describe, expect, it } from 'vitest';
import { viewExpression } from '../../../src/face/expression';
import { EXPRESSION_NAMES, type ExpressionName } from '../../../src/face/types';
import { gazeLeft, gazeUp, VRM_PRESETS, type VrmPreset, writeVrmWeights } from '../../../src/face/vrm-expressions';
import { readAvatarFile } from '../../../src/render/avatar/file/glb-file';
import { readVrm } from '../../../src/render/avatar/vrm-file';
import { avatarGlb, NODES, VRM0_NAMES, VRM1_NAMES, vrm0, vrm1 } from './avatar-files';

function expression(values: Partial<Record<ExpressionName, number>>) {
  return viewExpression(Float32Array.from(EXPRESSION_NAMES, (name) => values[name] ?? 0));
}

function vrmWeights(values: Partial<Record<ExpressionName, number>>): Record<VrmPreset, number> {
  const weights = new Float32Array(VRM_PRESETS.length);
  writeVrmWeights(expression(values), weights);
  return Object.fromEntries(VRM_PRESETS.map((preset, i) => [preset, weights[i]])) as Record<VrmPreset, number>;
}

describe('VRM', () => {
  it('AV3 reads presets, bones and eyes of VRM 0', () => {
    const bytes = avatarGlb({ targets: VRM0_NAMES, extensions: { VRM: vrm0(VRM0_NAMES) }, backward: true });
    const vrm = readVrm(readAvatarFile(bytes, 'a.vrm'));
    expect(vrm).toMatchObject({ version: 0, eyes: 'bone', bones: { head: NODES.head, leftEye: NODES.leftEye } });
    expect(vrm?.expressions.get('happy')).toEqual([{ node: NODES.face, target: 0, weight: 1 }]);
    expect(vrm?.expressions.get('blinkRight')).toEqual([{ node: NODES.face, target: 8, weight: 1 }]);
  });

  it('AV3 reads presets, bones and eyes of VRM 1', () => {
    const bytes = avatarGlb({ targets: VRM1_NAMES, extensions: { VRMC_vrm: vrm1(VRM1_NAMES) } });
    const vrm = readVrm(readAvatarFile(bytes, 'a.vrm'));
    expect(vrm).toMatchObject({ version: 1, eyes: 'bone', bones: { neck: NODES.neck, rightEye: NODES.rightEye } });
    expect(vrm?.expressions.get('aa')).toEqual([{ node: NODES.face, target: 1, weight: 1 }]);
  });

  it('AV3 takes custom expressions with ARKit’s names, and leaves others', () => {
    const custom = { jaw_open: { morphTargetBinds: [{ node: NODES.face, index: 0, weight: 1 }] }, Wow: {} };
    const extension = { ...vrm1([]), expressions: { custom } };
    const bytes = avatarGlb({ targets: ['x'], extensions: { VRMC_vrm: extension } });
    expect([...(readVrm(readAvatarFile(bytes, 'a.vrm'))?.expressions.keys() ?? [])]).toEqual(['jawOpen']);
  });

  it('AV3 is no VRM without the extension, or with a broken one', () => {
    expect(readVrm(readAvatarFile(avatarGlb({ targets: [] }), 'a.glb'))).toBeNull();
    const broken = avatarGlb({ targets: [], extensions: { VRMC_vrm: { humanoid: 7 } } });
    expect(readVrm(readAvatarFile(broken, 'a.vrm'))).toBeNull();
  });

  it('AV4 keeps a neutral face neutral', () => {
    expect(Object.values(vrmWeights({})).every((weight) => weight === 0)).toBe(true);
  });

  it('AV4 tells vowels by how the lips are shaped, sharing one mouth', () => {
    const strongest = (values: Partial<Record<ExpressionName, number>>) => {
      const { aa, ih, ou, ee, oh } = vrmWeights(values);
      const weights = Object.entries({ aa, ih, ou, ee, oh }).sort(([, a], [, b]) => b - a);
      expect(weights.reduce((sum, [, weight]) => sum + weight, 0)).toBeLessThanOrEqual(1.0001);
      return weights[0]?.[0];
    };
    expect(strongest({ jawOpen: 0.7 })).toBe('aa');
    expect(strongest({ mouthPucker: 0.8 })).toBe('ou');
    expect(strongest({ jawOpen: 0.6, mouthFunnel: 0.8 })).toBe('oh');
    expect(strongest({ jawOpen: 0.6, mouthStretchLeft: 0.7, mouthStretchRight: 0.7 })).toBe('ee');
    expect(strongest({ mouthStretchLeft: 0.7, mouthStretchRight: 0.7 })).toBe('ih');
  });

  it('AV4 winks on one side, and smiles', () => {
    const { blinkLeft, blinkRight, blink } = vrmWeights({ eyeBlinkLeft: 0.9 });
    expect([blinkLeft, blinkRight, blink]).toEqual([1, 0, 0]);
    const { happy, sad, angry } = vrmWeights({ mouthSmileLeft: 0.8, mouthSmileRight: 0.8, browDownLeft: 1 });
    expect(happy).toBeGreaterThan(0.6);
    expect(Math.max(sad, angry)).toBeLessThan(0.1);
  });

  it('AV4 looks to the subject’s left where both eyes do', () => {
    const gaze = expression({ eyeLookOutLeft: 0.6, eyeLookInRight: 0.8, eyeLookUpLeft: 0.5, eyeLookUpRight: 0.5 });
    expect(gazeLeft(gaze)).toBeCloseTo(0.7);
    expect(gazeUp(gaze)).toBeCloseTo(0.5);
  });
});
