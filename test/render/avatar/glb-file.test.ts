import { describe, expect, it } from 'vitest';
import { AvatarError } from '../../../src/render/avatar/avatar-error';
import { readAvatarFile } from '../../../src/render/avatar/glb-file';
import { MOST_BYTES } from '../../../src/render/avatar/limits';
import { avatarGlb, glb, type Json } from './avatar-files';

const TARGETS = ['jawOpen', 'eyeBlinkLeft'];

function changed(change: (json: Json) => void): ArrayBuffer {
  return avatarGlb({ targets: TARGETS, change });
}

function first<T>(list: T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('nothing there');
  return item;
}

describe('avatar files', () => {
  it('AV2 reads a whole file', () => {
    const gltf = readAvatarFile(avatarGlb({ targets: TARGETS }), 'a.glb');
    expect(gltf.meshes).toHaveLength(2);
    expect(gltf.nodes).toHaveLength(7);
  });

  const whole = avatarGlb({ targets: TARGETS });
  const cases: readonly [string, ArrayBuffer, RegExp][] = [
    ['nothing', new ArrayBuffer(0), /not a GLB/],
    ['another kind of file', new TextEncoder().encode('<html>not an avatar at all</html>').buffer, /not a GLB/],
    ['a file cut off', whole.slice(0, whole.byteLength - 40), /cut off/],
    ['a header that lies', whole.slice(0, 24), /cut off/],
    ['broken JSON', glb('{"asset":{"version":"2.0"},'), /not JSON/],
    ['JSON of another shape', glb('{"asset":{"version":"2.0"},"nodes":[{"children":["x"]}]}'), /nodes\.0\.children\.0/],
    ['no mesh', glb('{"asset":{"version":"2.0"}}'), /no mesh/],
    ['an old version', glb('{"asset":{"version":"1.0"}}'), /glTF 1\.0/],
    ['a missing buffer', changed((json) => Object.assign(first(json.buffers), { byteLength: 1e7 })), /cut off/],
    ['a picture elsewhere', changed((json) => Object.assign(json, { images: [{ uri: 'http://a.b/c.png' }] })), /http:/],
    ['a buffer beside it', changed((json) => Object.assign(first(json.buffers), { uri: 'head.bin' })), /head\.bin/],
    ['nodes in a circle', changed((json) => Object.assign(json.nodes[6] ?? {}, { children: [0] })), /cycle/],
    [
      'a node with two parents',
      changed((json) => Object.assign(json.nodes[6] ?? {}, { children: [1] })),
      /two parents/,
    ],
    [
      'packed meshes',
      changed((json) => Object.assign(json, { extensionsRequired: ['KHR_draco_mesh_compression'] })),
      /KHR_draco_mesh_compression.*without compression/,
    ],
    [
      'too many triangles',
      changed(({ accessors }) => Object.assign(accessors[2] ?? {}, { count: 2_000_000 })),
      /triangles/,
    ],
    ['a huge file', new ArrayBuffer(MOST_BYTES + 1), /too large.*100 at most/],
  ];

  it.each(cases)('AV2 refuses %s and says why', (_, bytes, reason) => {
    const read = () => readAvatarFile(bytes, 'some.glb');
    expect(read).toThrow(AvatarError);
    expect(read).toThrow(reason);
    expect(read).toThrow(/some\.glb/);
  });
});
