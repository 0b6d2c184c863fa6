import { describe, expect, it } from 'vitest';
import { contentFault, fileKind } from '../../src/capture/file-kind';
import { fixture } from '../fixtures/fixtures';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const groupOf = (head: Uint8Array, name: string) => fileKind(head, name).group;

describe('fileKind', () => {
  it.each([
    ['front-index.mp4', 'video', /MP4/],
    ['clip.webm', 'video', /WebM/],
    ['part2.avi', 'video', /AVI/],
    ['moving.gif', 'picture', /GIF/],
    ['moving.webp', 'picture', /WebP/],
  ])('F10: %s is recognised by its content, whatever its name', (name, group, text) => {
    const kind = fileKind(fixture(name), 'model.pmx');
    expect(kind.group).toBe(group);
    expect(kind.name).toMatch(text);
  });

  it.each([
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', /HEIC/],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', /AVIF/],
    ['II*\0\x08\0\0\0', /TIFF/],
    ['MM\0*\0\0\0\x08', /TIFF/],
    ['PMX \0\0\0@', /MMD/],
    ['Kaydara FBX Binary  \0', /FBX/],
    ['{"scene":0,"asset":{"version":"2.0"}}', /glTF in text form/],
    ['ID3\x04\0', /MP3/],
    ['%PDF-1.7', /PDF/],
    ['<?xml version="1.0"?><svg xmlns="">', /SVG/],
  ])('F10: %j', (head, name) => {
    expect(fileKind(bytes(head), 'file.mp4').name).toMatch(name);
  });

  it('F10: where the content is unknown, the ending of the name decides', () => {
    const unknown = bytes('\x01\x02\x03\x04');
    expect(['a.PMX', 'a.fbx', 'a.gltf'].map((name) => groupOf(unknown, name))).toEqual(['model', 'model', 'model']);
    expect(['a.heic', 'a.mp4', 'a.vrm', 'a.mp3', 'a'].map((name) => groupOf(unknown, name))).toEqual([
      'picture',
      'video',
      'avatar',
      'sound',
      'other',
    ]);
    expect(fileKind(bytes('Grüße'), 'a').name).toMatch(/unknown/);
    expect(fileKind(new TextEncoder().encode('Grüße'), 'a').name).toBe('a text file');
  });
});

describe('contentFault', () => {
  it('F10: names an empty file, zero bytes and text', () => {
    expect(contentFault(new Uint8Array())).toMatch(/empty/);
    expect(contentFault(new Uint8Array(100))).toMatch(/zero bytes/);
    expect(contentFault(bytes('hello\n'))).toMatch(/text/);
    expect(contentFault(fixture('clip.webm'))).toBeUndefined();
  });
});
