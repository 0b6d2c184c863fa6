import { modelAlbedo } from '../face/face-model';
import {
  DynamicTexture,
  defineFilter,
  type FilterFace,
  Mesh,
  type Scene,
  shaderMaterial,
  Vector4,
} from '../render/filter-api';
import fragmentGlsl from './shaders/lens.fragment.glsl?raw';
import fragmentWgsl from './shaders/lens.fragment.wgsl?raw';
import vertexGlsl from './shaders/lens.vertex.glsl?raw';
import vertexWgsl from './shaders/lens.vertex.wgsl?raw';

const VIEWS = ['Fit', 'Difference', 'In front'];
/** Added to the constant term of the light (docs/formats.md). */
const BASE = 3.2;
const SHADERS = {
  glsl: { vertexSource: vertexGlsl, fragmentSource: fragmentGlsl },
  wgsl: { vertexSource: vertexWgsl, fragmentSource: fragmentWgsl },
};
const LAYOUT = {
  attributes: ['position', 'normal', 'albedo'],
  uniforms: ['world', 'worldViewProjection', 'frameToClip', 'frameSize', 'crop', 'panel', 'light', 'surface', 'shown'],
  samplers: ['frameTexture', 'maskTexture', 'titles'],
  blend: false,
};

/** What the network sees: the face it fits, where that differs from the picture, and what it takes to be in front. */
export const lens = defineFilter({
  name: 'lens',
  title: 'Occlusion lens',
  layer: 'over',
  setup({ scene, faceMesh, model, depthOccluder, frameTexture, maskTexture, cropUniforms }) {
    depthOccluder.setEnabled(false);
    scene.autoClearDepthAndStencil = true;
    const albedo = new Float32Array(3 * model.vertexCount);
    faceMesh.setVerticesData('albedo', albedo, true, 3);
    const titles = drawTitles(scene);
    const panels = VIEWS.flatMap((_, view) => [0, 1].map((surface) => ({ view, surface }))).slice(0, 5);
    const materials = panels.map(({ view, surface }) => {
      const material = shaderMaterial(scene, `lens ${view}`, SHADERS, { ...LAYOUT, depth: surface === 1 });
      const mesh = surface === 1 ? faceMesh.clone(`fit ${view}`, faceMesh.parent) : square(scene);
      mesh.material = material;
      mesh.alwaysSelectAsActiveMesh = true;
      mesh.renderingGroupId = surface;
      mesh.setEnabled(true);
      material
        .setTexture('frameTexture', frameTexture)
        .setTexture('maskTexture', maskTexture)
        .setTexture('titles', titles);
      return material.setFloat('shown', view).setFloat('surface', surface);
    });
    return (face: FilterFace) => {
      faceMesh.updateVerticesData('albedo', modelAlbedo(model, face.albedo, albedo));
      const { frameToClip, frameSize, crop } = cropUniforms;
      const width = 0.6 * Math.abs(frameToClip.x / frameToClip.y);
      const light = Array.from({ length: 36 }, (_, i) =>
        i % 4 === 3 ? 0 : (face.light[9 * (i % 4) + Math.floor(i / 4)] ?? 0) + (i < 4 ? BASE : 0),
      );
      materials.forEach((material, i) => {
        const top = 0.96 - 0.66 * (panels[i]?.view ?? 0);
        material.setVector4('panel', new Vector4(-1 + width * 0.07, top, width, 0.6)).setVector4('crop', crop);
        material.setVector4('frameToClip', frameToClip).setVector2('frameSize', frameSize).setArray4('light', light);
      });
    };
  },
  frame: (show, face) => show(face),
});

function square(scene: Scene): Mesh {
  const mesh = new Mesh('panel', scene);
  mesh.setVerticesData('position', [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
  for (const kind of ['normal', 'albedo']) mesh.setVerticesData(kind, new Array(12).fill(0), false, 3);
  mesh.setIndices([0, 1, 2, 0, 2, 3]);
  return mesh;
}

function drawTitles(scene: Scene): DynamicTexture {
  const texture = new DynamicTexture('titles', { width: 256, height: 192 }, scene, false);
  const context = texture.getContext();
  context.font = '600 30px system-ui, sans-serif';
  context.fillStyle = '#fff';
  for (const [i, title] of VIEWS.entries()) context.fillText(title, 16, 64 * i + 43);
  texture.update(false);
  return texture;
}
