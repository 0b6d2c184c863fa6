import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const CORE = 'node_modules/@babylonjs/core/';
const LOADERS = 'node_modules/@babylonjs/loaders/';

interface Internal {
  /** The private member. */
  readonly name: string;
  /** Where Babylon.js defines it, and how. */
  readonly file: string;
  readonly definition: string;
  /** The file of ours that relies on it, and for what. */
  readonly usedBy: string;
}

const INTERNALS: readonly Internal[] = [
  {
    name: 'WebGPUEngine._textureHelper.updateTexture',
    file: `${CORE}Engines/webgpuEngine.pure.js`,
    definition: 'this._textureHelper = new WebGPUTextureManager(',
    usedBy: 'src/render/picture/frame-texture.ts: uploads a VideoFrame, which has no `width`',
  },
  {
    name: 'WebGPUTextureManager.updateTexture',
    file: `${CORE}Engines/WebGPU/webgpuTextureManager.js`,
    definition:
      'updateTexture(imageBitmap, texture, width, height, layers, format, faceIndex = 0, mipLevel = 0, invertY = false, premultiplyAlpha = false, offsetX = 0, offsetY = 0',
    usedBy: 'src/render/picture/frame-texture.ts: uploads a VideoFrame, which has no `width`',
  },
  {
    name: 'WebGPUEngine._preparePipelineContextAsync',
    file: `${CORE}Engines/webgpuEngine.pure.js`,
    definition: '_preparePipelineContextAsync(pipelineContext, ',
    usedBy: 'src/render/engine/checked-webgpu-engine.ts: checks shaders before they are drawn with',
  },
  {
    name: 'WebGPUEngine._executeWhenRenderingStateIsCompiled',
    file: `${CORE}Engines/webgpuEngine.pure.js`,
    definition: '_executeWhenRenderingStateIsCompiled(pipelineContext, action)',
    usedBy: 'src/render/engine/checked-webgpu-engine.ts: checks shaders before they are drawn with',
  },
  {
    name: 'WebGPUEngine._device',
    file: `${CORE}Engines/webgpuEngine.pure.js`,
    definition: 'this._device = device',
    usedBy: 'src/render/engine/engine-webgpu.ts and filter/shader-errors.ts: lost devices, error scopes',
  },
  {
    name: 'WebGPUPipelineContext._name',
    file: `${CORE}Engines/WebGPU/webgpuPipelineContext.js`,
    definition: 'this._name = ',
    usedBy: 'src/render/engine/checked-webgpu-engine.ts: recognises the shader that clears the canvas',
  },
  {
    name: 'BaseTexture._texture',
    file: `${CORE}Materials/Textures/baseTexture.pure.js`,
    definition: 'return this._texture.isCube;',
    usedBy: 'src/render/picture/frame-texture.ts: gives a texture its own GPU memory',
  },
  {
    name: 'Scene._mirroredCameraPosition',
    file: `${CORE}Materials/material.pure.js`,
    definition: '_mirroredCameraPosition',
    usedBy: 'src/render/view/mirroring.ts: turns the winding of triangles in a mirrored view',
  },
  {
    name: 'Camera._getViewMatrix',
    file: `${CORE}Cameras/camera.pure.js`,
    definition: '_getViewMatrix()',
    usedBy: 'src/render/view/face-camera.ts and avatar/studio-camera.ts: their own view matrices',
  },
  {
    name: 'INode._babylonTransformNode',
    file: `${LOADERS}glTF/2.0/glTFLoader.pure.js`,
    definition: '_babylonTransformNode = ',
    usedBy: 'src/render/avatar/load.ts: finds the nodes that a VRM file names by number',
  },
  {
    name: 'INode._primitiveBabylonMeshes',
    file: `${LOADERS}glTF/2.0/glTFLoader.pure.js`,
    definition: '_primitiveBabylonMeshes',
    usedBy: 'src/render/avatar/load.ts: finds the meshes that a VRM file names by number',
  },
];

it.each(INTERNALS)('Babylon.js still has the private member $name', ({ name, file, definition, usedBy }) => {
  const found = readFileSync(file, 'utf8').includes(definition);
  expect(found, `This version of Babylon.js changed ${name} (${file}). Adapt ${usedBy}.`).toBe(true);
});

it('core and loaders of Babylon.js are pinned to the same version', () => {
  const { devDependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(devDependencies['@babylonjs/core']).toMatch(/^\d+\.\d+\.\d+$/);
  expect(devDependencies['@babylonjs/loaders']).toBe(devDependencies['@babylonjs/core']);
  expect(peerDependencies['@babylonjs/core']).toBe(`^${devDependencies['@babylonjs/core']}`);
  expect(peerDependencies['@babylonjs/loaders']).toBe(`^${devDependencies['@babylonjs/loaders']}`);
});
