import { readFileSync } from 'node:fs';
import { type VRMAnimation, VRMAnimationLoaderPlugin } from '@pixiv/three-vrm-animation';
import { validateBytes } from 'gltf-validator';
import { Quaternion } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaceModel } from '../../../src/face/face-model';
import { EXPRESSION_NAMES, REGIONS } from '../../../src/face/types';
import { avatarGlb } from '../../../src/recording/export/avatar-glb';
import { expressionAt, type FaceTrack, rotationAt } from '../../../src/recording/export/face-track';
import { glbFile } from '../../../src/recording/export/glb';
import { readGlb } from '../../../src/recording/export/gltf-file';
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

const character = () => new Uint8Array(readFileSync(new URL('../../../public/avatars/character.glb', import.meta.url)));

/** The file without materials, whose pictures need a browser. */
function withoutPictures(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { json, binary } = readGlb(bytes);
  for (const { primitives } of json.meshes) for (const primitive of primitives) delete primitive.material;
  return bytesOf(glbFile({ ...json, materials: undefined, textures: undefined, images: undefined }, [binary]));
}

/** A skeleton of nodes without a mesh. */
function skeleton(nodes: object[]): Uint8Array<ArrayBuffer> {
  const json = { asset: { version: '2.0' }, scene: 0, scenes: [{ nodes: [0] }], nodes };
  return bytesOf(glbFile({ ...json, buffers: [{ byteLength: 4 }] }, [new Uint8Array(4)]));
}

describe('avatarGlb', () => {
  it('EX14 adds an animation to the Character without errors of the validator', async () => {
    const messages = await messagesOf(bytesOf(avatarGlb(track, character())));
    const before = await messagesOf(character());
    expect(messages.filter((text) => !before.includes(text))).toEqual([]);
  });

  it('EX14 moves the targets and turns the head as the track does', async () => {
    const { scene, animations } = await loaded(withoutPictures(bytesOf(avatarGlb(track, character()))));
    const clip = animations.at(-1);
    const head = scene.getObjectByName('Head');
    const names = Object.keys((head as unknown as { morphTargetDictionary: object }).morphTargetDictionary);
    const weights = clip?.tracks.find(({ name }) => name === 'Head.morphTargetInfluences')?.values ?? [];
    const jaw = names.indexOf('jawOpen');
    expect(weights[11 * names.length + jaw]).toBeCloseTo(expressionAt(track, 11)[17] ?? Number.NaN, 6);
    const turn = (name: string) =>
      new Quaternion().fromArray(clip?.tracks.find((one) => one.name === name)?.values ?? [], 4 * 11);
    const whole = turn('Neck.quaternion').multiply(turn('Head.quaternion'));
    expect(whole.angleTo(new Quaternion(...rotationAt(track, 11)))).toBeLessThan(1e-3);
  });

  it('EX14 turns bones about the axes of the avatar, whatever their own are', async () => {
    const [s, c] = [Math.sin(0.6), Math.cos(0.6)];
    const nodes = [
      { name: 'Armature', children: [1], rotation: [s, 0, 0, c] },
      { name: 'Head', rotation: [0, 0, s, c] },
    ];
    const { scene, animations } = await loaded(bytesOf(avatarGlb(track, skeleton(nodes))));
    const head = scene.getObjectByName('Head') ?? expect.fail('no head');
    const values = animations[0]?.tracks.find(({ name }) => name === 'Head.quaternion')?.values ?? [];
    const rest = head.getWorldQuaternion(new Quaternion());
    head.quaternion.fromArray(values, 4 * 11);
    const turn = head.getWorldQuaternion(new Quaternion()).multiply(rest.invert());
    expect(turn.angleTo(new Quaternion(...rotationAt(track, 11)))).toBeLessThan(1e-3);
  });

  it('EX14 a file that would not move, and one that is damaged, are refused', () => {
    expect(() => avatarGlb(track, skeleton([{ name: 'Cube' }]))).toThrow('would not move');
    expect(() => avatarGlb(track, character().slice(0, 5000))).toThrow('no valid GLB');
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
