import { describe, expect, it } from 'vitest';
import { AvatarError } from '../../../../src/render/avatar/avatar-error';
import { readAvatarFile } from '../../../../src/render/avatar/file/glb-file';
import { MOST_BYTES } from '../../../../src/render/avatar/file/limits';
import { pictureSize } from '../../../../src/render/avatar/file/picture-size';
import { avatarGlb, glb, type Json } from '../avatar-files';

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

/** The first bytes of a PNG of this size; the rest does not count. */
function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  const view = new DataView(bytes.buffer);
  [0x89504e47, 0x0d0a1a0a, 13, 0x49484452, width, height].forEach((word, i) => {
    view.setUint32(4 * i, word);
  });
  return bytes;
}

/** A file with pictures in data addresses, one texture each. */
function withPictures(pictures: readonly Uint8Array[]): ArrayBuffer {
  return changed((json) => {
    const images = pictures.map((bytes) => ({ uri: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}` }));
    Object.assign(json, { images, textures: images.map((_, source) => ({ source })) });
  });
}

/** More nodes that draw the face. */
function withCopies(copies: number): ArrayBuffer {
  return changed((json) => {
    for (let i = 0; i < copies; i++) json.nodes.push({ mesh: 0 });
  });
}

/** A chain of empty nodes. */
function withChain(length: number): ArrayBuffer {
  return changed((json) => {
    const first = json.nodes.length;
    for (let i = 0; i < length; i++) json.nodes.push(i + 1 < length ? { children: [first + i + 1] } : {});
  });
}

describe('limits of avatar files', () => {
  const read = (bytes: ArrayBuffer) => () => readAvatarFile(bytes, 'some.glb');

  it('AV19 a mesh counts for each node that uses it', () => {
    expect(read(withCopies(100))).not.toThrow();
    expect(read(withCopies(1000))).toThrow(/some\.glb is too heavy .* triangles, 500,000 at most/);
    const mesh = (json: Json) => Object.assign(json.nodes[5] ?? {}, { mesh: 99 });
    expect(read(changed(mesh))).toThrow(/mesh 99 is missing/);
  });

  it('AV19 parts of meshes and vertex attributes count', () => {
    const parts = changed(({ meshes }) => {
      const [mesh] = meshes as { primitives: unknown[] }[];
      if (mesh) mesh.primitives = Array.from({ length: 2001 }, () => ({ attributes: { POSITION: 0 }, indices: 2 }));
    });
    expect(read(parts)).toThrow(/too heavy/);
  });

  it('AV19 pictures count with the pixels that they decode to', () => {
    expect(read(withPictures([png(8192, 8192), png(512, 512)]))).not.toThrow();
    expect(read(withPictures(Array.from({ length: 8 }, () => png(8192, 8192))))).toThrow(
      /537 million pixels, 134 at most/,
    );
    expect(read(withPictures([png(16384, 16)]))).toThrow(/16384 × 16 pixels, 8192 at most/);
    expect(read(withPictures([new Uint8Array(40)]))).toThrow(/picture 0 is damaged/);
  });

  it('AV19 deep and long chains of nodes are refused in linear time', () => {
    expect(read(withChain(400))).not.toThrow();
    expect(read(withChain(600))).toThrow(/nests more than 500 nodes/);
    const start = performance.now();
    expect(read(withChain(40_000))).toThrow(/40,007 nodes, 10,000 at most/);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('AV2 refuses an accessor that reads beyond its view, or claims more zeros than a file may have', () => {
    const long = (json: Json) => Object.assign(json.accessors[1] ?? {}, { count: 1e5 });
    expect(read(changed(long))).toThrow(/cut off/);
    const zeros = (json: Json) => json.accessors.push({ count: 2e9, type: 'VEC3', componentType: 5126 });
    expect(read(changed(zeros))).toThrow(/cut off/);
  });
});

describe('pictureSize', () => {
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

  it('AV19 reads PNG, JPEG and WebP headers', () => {
    expect(pictureSize(png(640, 480))).toEqual({ width: 640, height: 480 });
    const jpeg = bytes('\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03\0\0\0\0\0\0\0');
    expect(pictureSize(jpeg)).toEqual({ width: 640, height: 480 });
    const webp = (kind: string, rest: string) => bytes(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0${rest.padEnd(20, '\0')}`);
    expect(pictureSize(webp('VP8X', '\0\0\0\0\x7f\x02\0\xdf\x01\0'))).toEqual({ width: 640, height: 480 });
    expect(pictureSize(webp('VP8L', '\x2f\x7f\xc2\x77\0'))).toEqual({ width: 640, height: 480 });
    expect(pictureSize(webp('VP8 ', '\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01'))).toEqual({ width: 640, height: 480 });
    for (const other of [new Uint8Array(), bytes('\xff\xd8'), bytes('GIF89a'), png(0, 5)])
      expect(pictureSize(other)).toBeUndefined();
  });
});
