import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';
import { float32At } from '../../../face/at';
import { modelAlbedo } from '../../../face/face-model';
import { shaderMaterial } from '../../engine/shader-material';
import type { FilterContext, FilterFace } from '../../filter/definition';
import { HARMONICS } from '../../light/light-uniform';
import { propHarmonics } from '../../light/safe-harmonics';
import { coverWeights } from '../../mesh/face-cover';
import { Fade } from '../fade';
import skinFragmentGlsl from './film.fragment.glsl?raw';
import skinFragmentWgsl from './film.fragment.wgsl?raw';
import skinVertexGlsl from './film.vertex.glsl?raw';
import skinVertexWgsl from './film.vertex.wgsl?raw';

type Value = number | readonly [number, number, number];

/**
 * A film on the skin. `glsl` and `wgsl` each define a function `film` from a `Skin` (see film.fragment) to linear RGB
 * and alpha. `values` become uniforms and `textures` samplers of the same names. In GLSL: `vec4 film(Skin skin)` with
 * `tint`, `texture2D(paint, skin.uv)`; in WGSL: `fn film(skin: Skin) -> vec4f` with `uniforms.tint`,
 * `textureSample(paint, paintSampler, skin.uv)`.
 */
export interface SkinFilmOptions {
  readonly glsl: string;
  readonly wgsl: string;
  readonly values?: Readonly<Record<string, Value>>;
  readonly textures?: Readonly<Record<string, BaseTexture>>;
}

type FilmContext = Pick<FilterContext, 'scene' | 'faceMesh' | 'frameTexture' | 'cropUniforms' | 'model'>;

type FilmFace = Pick<FilterFace, 'albedo' | 'light' | 'crop' | 'id' | 'state' | 'time'>;

/** The result of `skinFilm`. */
export interface SkinFilm {
  /** Changes a value. */
  set(name: string, value: Value): void;
  /** Call it once per frame. Fades out while the face is held; `opacity`, 0 to 1, is a further factor. */
  show(face: FilmFace, opacity?: number): void;
}

/**
 * Draws on the fitted face's outer skin, not on eyes, teeth and tongue; fades out at the face oval. It uses
 * `context.faceMesh`, so a filter can have only one.
 */
export function skinFilm(context: FilmContext, options: SkinFilmOptions): SkinFilm {
  return new Film(context, options);
}

class Film implements SkinFilm {
  readonly #material: ShaderMaterial;
  readonly #albedo: Float32Array;
  readonly #harmonics = new Float32Array(3 * HARMONICS);
  readonly #fade = new Fade();
  readonly #light: number[] = new Array(4 * HARMONICS).fill(0);

  constructor(
    private readonly context: FilmContext,
    options: SkinFilmOptions,
  ) {
    const { scene, faceMesh, frameTexture, model } = context;
    this.#albedo = new Float32Array(3 * model.vertexCount);
    faceMesh.setVerticesData('albedo', this.#albedo, true, 3);
    faceMesh.setVerticesData('cover', coverWeights(model, false), false, 1);
    this.#material = filmMaterial(scene, options);
    this.#material.setTexture('frameTexture', frameTexture);
    for (const [name, value] of Object.entries(options.values ?? {})) this.set(name, value);
    for (const [name, texture] of Object.entries(options.textures ?? {})) this.#material.setTexture(name, texture);
    faceMesh.material = this.#material;
  }

  set(name: string, value: Value): void {
    if (typeof value === 'number') this.#material.setFloat(name, value);
    else this.#material.setVector3(name, new Vector3(...value));
  }

  show(face: FilmFace, most = 1): void {
    const { faceMesh, cropUniforms, model } = this.context;
    const { albedo, light, crop } = face;
    const opacity = most * this.#fade.step(face);
    faceMesh.setEnabled(opacity > 0);
    if (opacity <= 0) return;
    faceMesh.updateVerticesData('albedo', modelAlbedo(model, albedo, this.#albedo));
    propHarmonics(light, 1, crop.angle, this.#harmonics);
    for (let i = 0; i < this.#harmonics.length; i++) {
      this.#light[4 * Math.floor(i / 3) + (i % 3)] = float32At(this.#harmonics, i);
    }
    this.#material.setArray4('light', this.#light);
    this.#material.setVector4('frameToClip', cropUniforms.frameToClip);
    this.#material.setVector2('frameSize', cropUniforms.frameSize);
    this.#material.setFloat('opacity', opacity);
  }
}

function filmMaterial(scene: Scene, { glsl, wgsl, values = {}, textures = {} }: SkinFilmOptions): ShaderMaterial {
  const uniforms = Object.entries(values);
  const samplers = Object.keys(textures);
  const vector = (value: Value, float: string, vec: string) => (typeof value === 'number' ? float : vec);
  const glslNames = [
    ...uniforms.map(([name, value]) => `uniform ${vector(value, 'float', 'vec3')} ${name};`),
    ...samplers.map((name) => `uniform sampler2D ${name};`),
  ];
  const wgslNames = [
    ...uniforms.map(([name, value]) => `uniform ${name}: ${vector(value, 'f32', 'vec3f')};`),
    ...samplers.map((name) => `var ${name}Sampler: sampler;\nvar ${name}: texture_2d<f32>;`),
  ];
  const complete = (shader: string, declarations: readonly string[], film: string) =>
    shader.replace('/*DECLARATIONS*/', declarations.join('\n')).replace('/*FILM*/', film);
  return shaderMaterial(
    scene,
    'skinFilm',
    {
      glsl: { vertexSource: skinVertexGlsl, fragmentSource: complete(skinFragmentGlsl, glslNames, glsl) },
      wgsl: { vertexSource: skinVertexWgsl, fragmentSource: complete(skinFragmentWgsl, wgslNames, wgsl) },
    },
    {
      attributes: ['position', 'normal', 'uv', 'albedo', 'cover'],
      uniforms: [
        'world',
        'worldViewProjection',
        'light',
        'frameToClip',
        'frameSize',
        'opacity',
        ...uniforms.map(([name]) => name),
      ],
      samplers: ['frameTexture', ...samplers],
      blend: true,
      depth: true,
    },
  );
}
