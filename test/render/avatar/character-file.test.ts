import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EXPRESSION_NAMES } from '../../../src/face/types';
import { readAvatarFile } from '../../../src/render/avatar/file/glb-file';

const FILE = resolve(import.meta.dirname, '../../../public/avatars/character.glb');
const names = v.object({ targetNames: v.array(v.string()) });
const place = v.object({
  peekaboo: v.object({ eyeCentre: v.tuple([v.number(), v.number(), v.number()]), headWidth: v.number() }),
});

/** The project's own avatar as it is committed. */
function character() {
  const bytes = readFileSync(FILE);
  const { nodes = [], meshes = [], ...gltf } = readAvatarFile(Uint8Array.from(bytes).buffer, 'character.glb');
  const node = (name: string) => nodes.find((each) => each.name === name) ?? expect.fail(`no node ${name}`);
  const targets = (name: string) => v.parse(names, meshes[node(name).mesh ?? -1]?.extras).targetNames;
  return { ...gltf, nodes, node, targets };
}

describe('the character', () => {
  it('AV17 passes the door for avatars with a head of all 52 shapes, in order', () => {
    const { targets } = character();
    expect(targets('Head')).toEqual([...EXPRESSION_NAMES]);
  });

  it('AV17 gives each other part the shapes that move it', () => {
    const { targets } = character();
    expect(targets('Mouth')).toEqual(expect.arrayContaining(['jawOpen', 'tongueOut', 'mouthSmileLeft']));
    expect(targets('Brows')).toEqual(expect.arrayContaining(['browInnerUp', 'browDownLeft', 'browOuterUpRight']));
    expect(targets('Lashes')).toEqual(expect.arrayContaining(['eyeBlinkLeft', 'eyeBlinkRight']));
    for (const side of ['Left', 'Right']) {
      const turns = ['Down', 'In', 'Out', 'Up'].map((way) => `eyeLook${way}${side}`);
      expect(targets(`Eye${side}`)).toEqual(expect.arrayContaining([`eyeBlink${side}`, ...turns]));
    }
  });

  it('AV17 hangs the head on a neck, its parts on the head, and the shoulders beside', () => {
    const { nodes, node } = character();
    const children = (name: string) => (node(name).children ?? []).map((index) => nodes[index]?.name);
    expect(children('Character')).toEqual(['Bust', 'Neck']);
    expect(children('Neck')).toEqual(['Collar', 'Head']);
    expect(children('Head')).toEqual(
      expect.arrayContaining(['Mouth', 'Hair', 'Brows', 'Lashes', 'EyeLeft', 'EyeRight']),
    );
  });

  it('AV17 says where its eyes are and how wide its head is, in metres', () => {
    const { peekaboo } = v.parse(place, character().node('Head').extras);
    expect(peekaboo.headWidth).toBeGreaterThan(0.12);
    expect(peekaboo.headWidth).toBeLessThan(0.2);
    expect(Math.abs(peekaboo.eyeCentre[0])).toBeLessThan(1e-4);
  });
});
