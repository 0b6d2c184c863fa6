import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture';
import { Vector4 } from '@babylonjs/core/Maths/math.vector';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import { modelAlbedo } from '../../face/face-model';
import { shaderMaterial } from '../engine/shader-material';
import type { FilterContext, FilterFace } from '../filter/definition';
import irradianceGlsl from '../light/irradiance.glsl?raw';
import irradianceWgsl from '../light/irradiance.wgsl?raw';
import { HARMONICS, lightUniform } from '../light/light-uniform';
import fragmentGlsl from './crop-panel.fragment.glsl?raw';
import fragmentWgsl from './crop-panel.fragment.wgsl?raw';
import vertexGlsl from './crop-panel.vertex.glsl?raw';
import vertexWgsl from './crop-panel.vertex.wgsl?raw';
import { panelBox } from './panel-layout';

/**
 * `glsl` and `wgsl` each define a function `panel` from a `Place` (see crop-panel.fragment) and the panel's number to
 * the displayed colour: `vec3 panel(Place place, int number)`, `fn panel(place: Place, number: i32) -> vec3f`.
 */
export interface CropPanelsOptions {
  readonly titles: readonly string[];
  readonly glsl: string;
  readonly wgsl: string;
}

/** The result of `cropPanels`. */
export interface CropPanels {
  /** Call it once per frame. */
  show(face: Pick<FilterFace, 'albedo' | 'light'>): void;
}

type PanelContext = Pick<
  FilterContext,
  | 'scene'
  | 'faceMesh'
  | 'model'
  | 'depthOccluder'
  | 'frameTexture'
  | 'maskTexture'
  | 'cropUniforms'
  | 'place'
  | 'places'
>;

const UNIFORMS = ['world', 'worldViewProjection', 'frameToClip', 'frameSize', 'crop', 'panelBox'];

/**
 * Square panels of the face's crop, stacked at the left edge; the fitted face in each is drawn by the filter's own
 * shader. Several faces have their panels side by side, smaller where the canvas is too narrow. Needs `layer: 'over'`
 * and a filter scene without other content.
 */
export function cropPanels(context: PanelContext, options: CropPanelsOptions): CropPanels {
  return new Panels(context, options);
}

class Panels implements CropPanels {
  readonly #albedo: Float32Array;
  readonly #light: number[] = new Array(4 * HARMONICS).fill(0);
  readonly #materials: readonly (readonly ShaderMaterial[])[];

  constructor(
    private readonly context: PanelContext,
    options: CropPanelsOptions,
  ) {
    const { scene, faceMesh, model, depthOccluder } = context;
    depthOccluder.setEnabled(false);
    scene.autoClearDepthAndStencil = true;
    this.#albedo = new Float32Array(3 * model.vertexCount);
    faceMesh.setVerticesData('albedo', this.#albedo, true, 3);
    const titles = drawnTitles(scene, options.titles);
    this.#materials = options.titles.map((title, number) =>
      [square(scene), faceMesh.clone(title, faceMesh.parent)].map((mesh, onFace) => {
        const material = panelMaterial(context, options, onFace === 1);
        material.setTexture('titles', titles);
        material.setFloat('number', number);
        material.setFloat('count', options.titles.length);
        mesh.material = material;
        mesh.alwaysSelectAsActiveMesh = true;
        mesh.renderingGroupId = onFace;
        mesh.setEnabled(true);
        return material;
      }),
    );
  }

  show({ albedo, light }: Pick<FilterFace, 'albedo' | 'light'>): void {
    const { faceMesh, model, cropUniforms, place, places } = this.context;
    const { frameToClip, frameSize, crop } = cropUniforms;
    faceMesh.updateVerticesData('albedo', modelAlbedo(model, albedo, this.#albedo));
    lightUniform(light, this.#light);
    // Clip space is 2 × 2: the ratio of a pixel's height to its width there is the canvas's aspect ratio.
    const aspect = Math.abs(frameToClip.y / frameToClip.x);
    this.#materials.forEach((pair, number) => {
      const box = new Vector4(...panelBox(number, place, places, aspect));
      for (const material of pair) {
        material.setVector4('panelBox', box).setVector4('crop', crop).setVector4('frameToClip', frameToClip);
        material.setVector2('frameSize', frameSize).setArray4('light', this.#light);
      }
    });
  }
}

function panelMaterial(context: PanelContext, { glsl, wgsl }: CropPanelsOptions, onFace: boolean): ShaderMaterial {
  const material = shaderMaterial(
    context.scene,
    'panel',
    {
      glsl: { vertexSource: vertexGlsl, fragmentSource: irradianceGlsl + fragmentGlsl.replace('/*PANEL*/', glsl) },
      wgsl: { vertexSource: vertexWgsl, fragmentSource: irradianceWgsl + fragmentWgsl.replace('/*PANEL*/', wgsl) },
    },
    {
      attributes: ['position', 'normal', 'albedo'],
      uniforms: [...UNIFORMS, 'light', 'onFace', 'number', 'count'],
      samplers: ['frameTexture', 'maskTexture', 'titles'],
      blend: false,
      depth: onFace,
    },
  );
  material.setTexture('frameTexture', context.frameTexture).setTexture('maskTexture', context.maskTexture);
  return material.setFloat('onFace', onFace ? 1 : 0);
}

/** Has the vertex attributes of the fitted face, so that one shader draws both. */
function square(scene: Scene): Mesh {
  const mesh = new Mesh('panel', scene);
  mesh.setVerticesData('position', [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
  for (const kind of ['normal', 'albedo']) mesh.setVerticesData(kind, new Array(12).fill(0), false, 3);
  mesh.setIndices([0, 1, 2, 0, 2, 3]);
  return mesh;
}

/** Stacked from the bottom, in the order of texture rows. */
function drawnTitles(scene: Scene, titles: readonly string[]): DynamicTexture {
  const texture = new DynamicTexture('titles', { width: 256, height: 64 * titles.length }, scene, false);
  const context = texture.getContext();
  context.font = '600 30px system-ui, sans-serif';
  context.fillStyle = '#fff';
  for (const [i, title] of titles.entries()) context.fillText(title, 16, 64 * i + 43);
  texture.update(false);
  return texture;
}
