/** Filters with one fault each, for filters.test.ts. */
import { CreateBox, defineFilter, type Filter, type Scene, shaderMaterial } from '../../src/render/filter-api';

let frames = 0;

/** Gives the scene's box a shader of these last words, that has another `tint` than the vertex shader, or no entry. */
function paint(scene: Scene, glsl: string, wgsl: string, entry = '@fragment'): void {
  const shaders = {
    glsl: {
      vertexSource:
        'attribute vec3 position; varying vec4 tint; void main() { tint = vec4(1.0); gl_Position = vec4(position, 1.0); }',
      fragmentSource: `precision highp float;\nvarying vec3 tint;\nvoid main() {\n  ${glsl}\n}`,
    },
    wgsl: {
      vertexSource: `attribute position: vec3f;
@vertex
fn main(input: VertexInputs) -> FragmentInputs {
  vertexOutputs.position = vec4f(vertexInputs.position, 1.0);
}`,
      fragmentSource: `${entry}
fn main(input: FragmentInputs) -> FragmentOutputs {
  ${wgsl}
}`,
    },
  };
  const box = scene.getMeshByName('box');
  const layout = { attributes: ['position'], uniforms: [], blend: false, depth: false };
  if (box) box.material = shaderMaterial(scene, 'bad', shaders, layout);
}

/** By the place of the fault. */
export const BROKEN: Readonly<Record<string, Filter>> = {
  'breaks-in-setup': defineFilter({
    name: 'breaks-in-setup',
    title: 'Breaks in setup',
    setup({ scene }) {
      CreateBox('left over', {}, scene);
      throw new Error('planted in setup');
    },
    frame() {},
  }),
  'breaks-later': defineFilter({
    name: 'breaks-later',
    title: 'Breaks later',
    async setup() {
      await Promise.resolve();
      throw new Error('planted after a wait');
    },
    frame() {},
  }),
  'breaks-in-frame': defineFilter({
    name: 'breaks-in-frame',
    title: 'Breaks in frame',
    setup({ scene }) {
      frames = 0;
      CreateBox('left over', {}, scene);
    },
    frame() {
      frames++;
      if (frames === 3) throw new Error('planted in frame');
    },
  }),
  'breaks-in-dispose': defineFilter({
    name: 'breaks-in-dispose',
    title: 'Breaks in dispose',
    setup() {},
    frame() {},
    dispose() {
      throw new Error('planted in dispose');
    },
  }),
  'lacks-a-file': defineFilter({
    name: 'lacks-a-file',
    title: 'Lacks a file',
    assets: { paint: 'filters/there-is-none.png' },
    setup() {},
    frame() {},
  }),
  'has-a-bad-file': defineFilter({
    name: 'has-a-bad-file',
    title: 'Has a bad file',
    assets: { hat: 'broken.glb' },
    setup() {},
    frame() {},
  }),
  'has-a-huge-file': defineFilter({
    name: 'has-a-huge-file',
    title: 'Has a huge file',
    assets: { hat: 'huge.glb' },
    setup() {},
    frame() {},
  }),
  'has-a-bad-shader': defineFilter({
    name: 'has-a-bad-shader',
    title: 'Has a bad shader',
    setup({ scene, root }) {
      CreateBox('box', { size: 50 }, scene).parent = root;
      paint(scene, 'gl_FragColor = nonsense;', 'fragmentOutputs.color = nonsense;');
    },
    frame() {},
  }),
  'has-shaders-that-do-not-link': defineFilter({
    name: 'has-shaders-that-do-not-link',
    title: 'Has shaders that do not link',
    setup({ scene, root }) {
      CreateBox('box', { size: 50 }, scene).parent = root;
      paint(scene, 'gl_FragColor = vec4(tint, 1.0);', 'fragmentOutputs.color = vec4f(1.0);', '');
    },
    frame() {},
  }),
  reports: defineFilter({
    name: 'reports',
    title: 'Reports',
    setup() {},
    frame(_, __, context) {
      context.report('something to say');
    },
  }),
};
