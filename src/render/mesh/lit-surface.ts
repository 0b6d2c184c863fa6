import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import { float32At, float64At, uint16At } from '../../face/at';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { writeAttachment } from '../engine/attachment';
import { LAYERS, layerMesh } from '../engine/quad';
import { shaderMaterial } from '../engine/shader-material';
import irradianceGlsl from '../light/irradiance.glsl?raw';
import irradianceWgsl from '../light/irradiance.wgsl?raw';
import { HARMONICS, lightUniform } from '../light/light-uniform';
import type { Placement } from '../view/placement';
import faceFragmentGlsl from './face.fragment.glsl?raw';
import faceFragmentWgsl from './face.fragment.wgsl?raw';
import faceVertexGlsl from './face.vertex.glsl?raw';
import faceVertexWgsl from './face.vertex.wgsl?raw';
import { coverWeights } from './face-cover';
import type { FaceShape } from './face-shape';
import { hollowShades } from './hollow-shades';
import { type Surface, SurfaceCamera } from './surface';

/** The fitted face in its own colour and light. */
export class LitSurface implements Surface {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #camera: SurfaceCamera;
  /** Darkened vertices, and the share of light that reaches each. */
  readonly #shaded: Uint16Array;
  readonly #shades: Float64Array;
  readonly #albedo: Float32Array;
  readonly #light: number[] = new Array(4 * HARMONICS).fill(0);

  constructor(scene: Scene, model: FaceModel) {
    this.#camera = new SurfaceCamera(model);
    this.#material = shaderMaterial(
      scene,
      'face',
      {
        glsl: { vertexSource: faceVertexGlsl, fragmentSource: irradianceGlsl + faceFragmentGlsl },
        wgsl: { vertexSource: faceVertexWgsl, fragmentSource: irradianceWgsl + faceFragmentWgsl },
      },
      {
        attributes: ['position', 'normal', 'albedo', 'cover'],
        uniforms: ['projection', 'lightRotation', 'light', 'opacity'],
        blend: true,
        depth: true,
      },
    );
    writeAttachment(this.#material, 'skin');
    this.#mesh = layerMesh(scene, 'face', LAYERS.surface, this.#material);
    const shades = hollowShades(model);
    this.#shaded = Uint16Array.from(shades.keys());
    this.#shades = Float64Array.from(shades.values());
    this.#albedo = new Float32Array(3 * model.vertexCount);
    const empty = new Float32Array(3 * model.vertexCount);
    this.#mesh.setVerticesData('position', empty, true, 3);
    this.#mesh.setVerticesData('normal', empty, true, 3);
    this.#mesh.setVerticesData('albedo', empty, true, 3);
    this.#mesh.setVerticesData('cover', coverWeights(model, true), false, 1);
    this.#mesh.setIndices(model.triangles);
    this.#mesh.setEnabled(false);
  }

  showSurface(face: Face, shape: FaceShape, placement: Placement, opacity: number): void {
    this.#mesh.updateVerticesData('position', shape.vertices);
    this.#mesh.updateVerticesData('normal', shape.normals);
    this.#mesh.updateVerticesData('albedo', this.#shadedAlbedo(shape.albedo));
    this.#camera.bindCamera(this.#material, face, placement);
    this.#material.setArray4('light', lightUniform(face.coefficients.light, this.#light));
    this.#material.setFloat('opacity', opacity);
    this.#mesh.setEnabled(true);
  }

  /** The harmonics have no shadows: what lies behind lids and lips is darkened here. */
  #shadedAlbedo(albedo: Float32Array): Float32Array {
    this.#albedo.set(albedo);
    for (let k = 0; k < this.#shaded.length; k++) {
      const first = 3 * uint16At(this.#shaded, k);
      for (let i = first; i < first + 3; i++) this.#albedo[i] = float32At(albedo, i) * float64At(this.#shades, k);
    }
    return this.#albedo;
  }

  hideSurface(): void {
    this.#mesh.setEnabled(false);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}
