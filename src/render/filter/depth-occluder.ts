import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { SubMesh } from '@babylonjs/core/Meshes/subMesh';
import { RenderingGroup } from '@babylonjs/core/Rendering/renderingGroup';
import { shaderMaterial } from '../engine/shader-material';
import type { FaceShape } from '../mesh/face-shape';
import depthFragmentGlsl from './depth.fragment.glsl?raw';
import depthFragmentWgsl from './depth.fragment.wgsl?raw';
import depthVertexGlsl from './depth.vertex.glsl?raw';
import depthVertexWgsl from './depth.vertex.wgsl?raw';
import type { FaceSpace } from './face-space';
import { SkullCap } from './skull-cap';

/** Steps of the depth buffer by which the head is drawn farther than it is, some 2 mm: paint on the skin is seen. */
const BACKWARD_STEPS = 2000;
const BACKWARD_SLOPE = 1;

/**
 * The fitted head as invisible depth in a face space: what other meshes of the space have behind it is not drawn, so
 * that the temples of glasses vanish behind the head. Drawn before everything else of its rendering group (0).
 */
export class DepthOccluder {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #cap: SkullCap;
  readonly #positions: Float32Array;

  constructor({ scene, root, model }: Pick<FaceSpace, 'scene' | 'root' | 'model'>) {
    this.#cap = new SkullCap(model);
    this.#positions = new Float32Array(3 * this.#cap.vertexCount);
    this.#material = shaderMaterial(
      scene,
      'depth',
      {
        glsl: { vertexSource: depthVertexGlsl, fragmentSource: depthFragmentGlsl },
        wgsl: { vertexSource: depthVertexWgsl, fragmentSource: depthFragmentWgsl },
      },
      { attributes: ['position'], uniforms: ['worldViewProjection'], blend: false, depth: true },
    );
    this.#material.disableColorWrite = true;
    this.#material.zOffset = BACKWARD_SLOPE;
    this.#material.zOffsetUnits = BACKWARD_STEPS;
    this.#mesh = new Mesh('depthOccluder', scene);
    this.#mesh.parent = root;
    this.#mesh.isPickable = false;
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.material = this.#material;
    this.#mesh.setVerticesData('position', this.#positions, true, 3);
    this.#mesh.setIndices([...model.triangles, ...this.#cap.triangles]);
    this.#mesh.setEnabled(false);
    const own = this.#mesh;
    const first = (subMesh: SubMesh) => (subMesh.getMesh() === own ? 0 : 1);
    scene.setRenderingOrder(0, (a, b) => first(a) - first(b) || RenderingGroup.PainterSortCompare(a, b));
  }

  /** Takes the head's shape and lets it hide things; it keeps to the space's root. */
  setShape(shape: FaceShape): void {
    this.#mesh.updateVerticesData('position', this.#cap.write(shape.vertices, this.#positions));
    this.#mesh.setEnabled(true);
  }

  /** Nothing is hidden until the next `setShape`. */
  hide(): void {
    this.#mesh.setEnabled(false);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}
