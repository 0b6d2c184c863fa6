import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import { Scene } from '@babylonjs/core/scene';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachToHead, attachToSkin, writeAttachments } from '../../../src/render/engine/attachment';

let engine: NullEngine;
let scene: Scene;
beforeEach(() => {
  engine = new NullEngine();
  scene = new Scene(engine);
});
afterEach(() => {
  scene.dispose();
  engine.dispose();
});

function meshWith(name: string): Mesh {
  const mesh = new Mesh(name, scene);
  mesh.material = new StandardMaterial(name, scene);
  return mesh;
}
const written = ({ material }: Mesh) => material && [material.stencil.enabled, material.stencil.funcRef];

describe('attachment', () => {
  it('CM14 a mesh is attached to the head unless it is attached to the skin', () => {
    const [hat, paint] = [meshWith('hat'), meshWith('paint')];
    attachToSkin(paint);
    expect(writeAttachments(scene.meshes)).toEqual({ skin: true, head: true });
    expect([written(hat), written(paint)]).toEqual([
      [true, 0],
      [true, 1],
    ]);
    attachToHead(paint);
    expect(writeAttachments(scene.meshes)).toEqual({ skin: false, head: true });
  });

  it('CM14 invisible meshes are no content, and neither is depth alone', () => {
    const [off, faded, depth] = [meshWith('off'), meshWith('faded'), meshWith('depth')];
    off.setEnabled(false);
    faded.visibility = 0;
    if (depth.material) depth.material.disableColorWrite = true;
    expect(writeAttachments(scene.meshes)).toEqual({ skin: false, head: false });
    expect(depth.material?.stencil.enabled).toBe(false);
  });

  it('CM14 transparent content of the head leaves what is behind it', () => {
    const glass = meshWith('glass');
    glass.visibility = 0.5;
    writeAttachments(scene.meshes);
    expect(glass.material?.stencil.mask).toBe(0);
    glass.visibility = 1;
    writeAttachments(scene.meshes);
    expect(glass.material?.stencil.mask).toBe(0xff);
  });

  it('CM14 one material on the skin and on the head is an error', () => {
    const [hat, paint] = [meshWith('felt'), meshWith('paint')];
    paint.material = hat.material;
    attachToSkin(paint);
    expect(() => writeAttachments(scene.meshes)).toThrow('material felt is on the skin and on the head');
  });
});
