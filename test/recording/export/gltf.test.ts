import { type VRMAnimation, VRMAnimationLoaderPlugin } from '@pixiv/three-vrm-animation';
import { validateBytes } from 'gltf-validator';
import { Quaternion } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaceModel } from '../../../src/face/face-model';
import { EXPRESSION_NAMES, REGIONS } from '../../../src/face/types';
import { expressionAt, type FaceTrack, rotationAt } from '../../../src/recording/export/face-track';
import { headGlb } from '../../../src/recording/export/head-glb';
import { vrma } from '../../../src/recording/export/vrma';
import { bytesOf, faceModel, someTrack } from './some-track';

let model: FaceModel;
let track: FaceTrack;
beforeAll(async () => {
  model = faceModel();
  track = await someTrack();
});

async function messagesOf(bytes: Uint8Array): Promise<string[]> {
  const { issues } = await validateBytes(bytes, { maxIssues: 100 });
  return issues.messages.filter(({ severity }) => severity <= 1).map(({ code, pointer }) => `${code} ${pointer}`);
}

async function loaded(bytes: Uint8Array<ArrayBuffer>) {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
  return loader.parseAsync(bytes.buffer, '');
}

describe('headGlb', () => {
  it('EX10 has no error or warning in the glTF validator', async () => {
    expect(await messagesOf(bytesOf(headGlb(track, model)))).toEqual([]);
  });

  it('EX10 the validator finds a planted fault', async () => {
    const bytes = bytesOf(headGlb(track, model));
    const text = Buffer.from(bytes).toString('latin1').replace('"path":"weights"', '"path":"weighty"');
    expect(await messagesOf(new Uint8Array(Buffer.from(text, 'latin1')))).not.toEqual([]);
  });

  it('EX10 three.js reads 52 named targets and every sample', async () => {
    const { scene, animations } = await loaded(bytesOf(headGlb(track, model)));
    const head = scene.getObjectByName('Head');
    expect(head && 'morphTargetDictionary' in head && Object.keys(head.morphTargetDictionary as object)).toEqual([
      ...EXPRESSION_NAMES,
    ]);
    const weights = animations[0]?.tracks.find(({ name }) => name.endsWith('morphTargetInfluences'));
    expect(weights?.values).toEqual(track.expression);
    expect([...(weights?.times ?? [])]).toEqual([...Float32Array.from(track.times)]);
    const names = animations[0]?.tracks.map(({ name }) => name);
    for (const region of REGIONS) expect(names).toContain(`visibility_${region}.position`);
    for (const eye of ['EyeLeft', 'EyeRight']) expect(names).toContain(`${eye}.quaternion`);
  });
});

describe('vrma', () => {
  it('EX11 has no error in the glTF validator', async () => {
    expect(await messagesOf(bytesOf(vrma(track)))).toEqual([]);
  });

  it('EX11 three-vrm-animation reads head, expressions and gaze', async () => {
    const { userData } = await loaded(bytesOf(vrma(track)));
    const [animation] = userData.vrmAnimations as VRMAnimation[];
    if (!animation) throw new Error('no animation');
    expect(animation.duration).toBeCloseTo(track.times.at(-1) ?? 0, 5);
    const { preset, custom } = animation.expressionTracks;
    expect([...custom.keys()]).toEqual([...EXPRESSION_NAMES]);
    expect([...preset.keys()]).toHaveLength(12);
    const jaw = custom.get('jawOpen')?.values ?? [];
    expect(jaw[11]).toBeCloseTo(expressionAt(track, 11)[17] ?? Number.NaN, 6);
    expect(animation.lookAtTrack?.values).toHaveLength(4 * track.times.length);
    const of = (bone: 'neck' | 'head') => {
      const values = animation.humanoidTracks.rotation.get(bone)?.values ?? [];
      return new Quaternion().fromArray(values, 4 * 11);
    };
    const whole = of('neck').multiply(of('head'));
    expect(whole.angleTo(new Quaternion(...rotationAt(track, 11)))).toBeLessThan(1e-3);
  });
});
