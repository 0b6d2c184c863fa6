import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { Texture } from '@babylonjs/core/Materials/Textures/texture';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import { byteAt, float32At } from '../../face/at';
import type { FaceModel } from '../../face/face-model';
import { attachToSkin } from '../engine/attachment';
import { shaderMaterial } from '../engine/shader-material';
import type { FilterContext, FilterFace } from '../filter/definition';
import { HARMONICS } from '../light/light-uniform';
import { brightestDirection, propHarmonics } from '../light/safe-harmonics';
import { Fade } from './fade';
import furFragmentGlsl from './fur.fragment.glsl?raw';
import furFragmentWgsl from './fur.fragment.wgsl?raw';
import furVertexGlsl from './fur.vertex.glsl?raw';
import furVertexWgsl from './fur.vertex.wgsl?raw';

/** Parts of the mesh that are outer skin. */
const LAST_SKIN = 1;

export interface FurOptions {
  /** In the model's UVs; red: density and height of the hair. */
  readonly growth: Texture;
  /** Tiled; red: height of a strand, green: its shade. */
  readonly strands: Texture;
  /** Tiles of `strands` over the width of the UVs. */
  readonly tiles: number;
  /** Linear RGB. */
  readonly colour: readonly [number, number, number];
  /** Number of stacked copies of the skin. */
  readonly shells: number;
  /** Length of the longest hair at a UV, mm; 0 or less for none. */
  length(u: number, v: number): number;
}

/** The result of `fur`. */
export interface Fur {
  /** Call it once per frame. Fades out while the face is held. */
  show(face: Pick<FilterFace, 'light' | 'crop' | 'id' | 'state' | 'time'>): void;
}

type FurContext = Pick<FilterContext, 'scene' | 'root' | 'faceMesh' | 'model'>;

/** Hair on the skin: stacked copies of the skin (shells), each with fewer strands. It moves with the face. */
export function fur(context: FurContext, options: FurOptions): Fur {
  return new Shells(context, options);
}

class Shells implements Fur {
  readonly #mesh: Mesh;
  readonly #material: ShaderMaterial;
  readonly #vertices: readonly number[];
  readonly #positions: Float32Array;
  readonly #normals: Float32Array;
  readonly #harmonics = new Float32Array(3 * HARMONICS);
  readonly #light: number[] = new Array(4 * HARMONICS).fill(0);
  readonly #fade = new Fade();

  constructor(
    private readonly context: FurContext,
    private readonly options: FurOptions,
  ) {
    const { scene, root, model } = context;
    const triangles = hairyTriangles(model, options);
    this.#vertices = [...new Set(triangles)];
    const count = this.#vertices.length * options.shells;
    this.#positions = new Float32Array(3 * count);
    this.#normals = new Float32Array(3 * count);
    this.#material = furMaterial(scene, options);
    this.#mesh = new Mesh('fur', scene);
    this.#mesh.parent = root;
    this.#mesh.isPickable = false;
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.material = this.#material;
    attachToSkin(this.#mesh);
    this.#fill(model, triangles);
  }

  show({ light, crop, id, state, time }: Pick<FilterFace, 'light' | 'crop' | 'id' | 'state' | 'time'>): void {
    this.#follow('position', this.#positions);
    this.#follow('normal', this.#normals);
    propHarmonics(light, 1, crop.angle, this.#harmonics);
    for (let i = 0; i < this.#harmonics.length; i++) {
      this.#light[4 * Math.floor(i / 3) + (i % 3)] = float32At(this.#harmonics, i);
    }
    this.#material.setArray4('light', this.#light);
    this.#material.setVector3('lamp', new Vector3(...brightestDirection(this.#harmonics)));
    this.#material.setFloat('opacity', this.#fade.step({ id, state, time }));
  }

  /** Writes the constant vertex data: UVs, heights of the shells, triangles from the skin outwards. */
  #fill({ uv }: FaceModel, triangles: readonly number[]): void {
    const { shells, length } = this.options;
    const places = new Map(this.#vertices.map((vertex, i) => [vertex, i]));
    const uvs: number[] = [];
    const hair: number[] = [];
    const indices: number[] = [];
    for (let shell = 0; shell < shells; shell++) {
      for (const vertex of this.#vertices) {
        const [u = 0, v = 0] = uv.subarray(2 * vertex);
        uvs.push(u, v);
        hair.push(shell / (shells - 1), Math.max(length(u, v), 0));
      }
      for (const vertex of triangles) indices.push(shell * this.#vertices.length + (places.get(vertex) ?? 0));
    }
    this.#mesh.setVerticesData('position', this.#positions, true, 3);
    this.#mesh.setVerticesData('normal', this.#normals, true, 3);
    this.#mesh.setVerticesData('uv', uvs, false, 2);
    this.#mesh.setVerticesData('hair', hair, false, 2);
    this.#mesh.setIndices(indices);
  }

  /** Copies the skin's values into every shell. */
  #follow(kind: 'position' | 'normal', out: Float32Array): void {
    const skin = this.context.faceMesh.getVerticesData(kind);
    if (!(skin instanceof Float32Array)) throw new Error(`the face's mesh has no ${kind}s`);
    const size = 3 * this.#vertices.length;
    this.#vertices.forEach((vertex, i) => {
      for (let axis = 0; axis < 3; axis++) out[3 * i + axis] = float32At(skin, 3 * vertex + axis);
    });
    for (let shell = 1; shell < this.options.shells; shell++) out.copyWithin(shell * size, 0, size);
    this.#mesh.updateVerticesData(kind, out);
  }
}

/** Vertex indices of the skin triangles with hair, 3 per triangle. */
function hairyTriangles({ triangles, part, uv }: FaceModel, { length }: FurOptions): number[] {
  const found: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [...triangles.subarray(t, t + 3)];
    const skin = corners.every((corner) => byteAt(part, corner) <= LAST_SKIN);
    if (skin && corners.some((corner) => length(float32At(uv, 2 * corner), float32At(uv, 2 * corner + 1)) > 0)) {
      found.push(...corners);
    }
  }
  return found;
}

function furMaterial(scene: Scene, { growth, strands, tiles, colour }: FurOptions): ShaderMaterial {
  const material = shaderMaterial(
    scene,
    'fur',
    {
      glsl: { vertexSource: furVertexGlsl, fragmentSource: furFragmentGlsl },
      wgsl: { vertexSource: furVertexWgsl, fragmentSource: furFragmentWgsl },
    },
    {
      attributes: ['position', 'normal', 'uv', 'hair'],
      uniforms: ['world', 'worldViewProjection', 'tiles', 'colour', 'light', 'lamp', 'opacity'],
      samplers: ['growth', 'strands'],
      blend: true,
      depth: true,
    },
  );
  // The mesh contains the shells in drawing order, from the skin outwards.
  material.needDepthPrePass = false;
  material.disableDepthWrite = true;
  material.setTexture('growth', growth);
  material.setTexture('strands', strands);
  material.setFloat('tiles', tiles);
  material.setVector3('colour', new Vector3(...colour));
  return material;
}
