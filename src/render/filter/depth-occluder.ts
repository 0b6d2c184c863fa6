import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { SubMesh } from '@babylonjs/core/Meshes/subMesh';
import { RenderingGroup } from '@babylonjs/core/Rendering/renderingGroup';
import { shaderMaterial } from '../engine/shader-material';
import depthFragmentGlsl from './depth.fragment.glsl?raw';
import depthFragmentWgsl from './depth.fragment.wgsl?raw';
import depthVertexGlsl from './depth.vertex.glsl?raw';
import depthVertexWgsl from './depth.vertex.wgsl?raw';
import type { FaceSpace } from './face-space';
import type { FaceUploads } from './face-uploads';
import { SharedGeometry } from './shared-geometry';

/** Depth buffer steps by which the head is moved back, about 2 mm: paint on the skin stays visible. */
const BACKWARD_STEPS = 2000;
const BACKWARD_SLOPE = 1;

/**
 * The fitted head as invisible depth in a face space: it hides what other meshes have behind it, for example the temples
 * of glasses. Drawn before everything else of its rendering group (0).
 */
export class DepthOccluder {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #uploads: FaceUploads;

  constructor({ scene, root, uploads }: Pick<FaceSpace, 'scene' | 'root' | 'uploads'>) {
    this.#uploads = uploads;
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
    const { model, cap } = uploads;
    const triangles = Uint32Array.from([...model.triangles, ...cap.triangles]);
    new SharedGeometry('head', scene, { position: uploads.headPositions() }, triangles).applyToMesh(this.#mesh);
    this.#mesh.setEnabled(false);
    const own = this.#mesh;
    const first = (subMesh: SubMesh) => (subMesh.getMesh() === own ? 0 : 1);
    scene.setRenderingOrder(0, (a, b) => first(a) - first(b) || RenderingGroup.PainterSortCompare(a, b));
  }

  /** Hides what is behind the head, as it was uploaded last. */
  showDepth(): void {
    this.#uploads.headPositions();
    this.#mesh.setEnabled(true);
  }

  /** Nothing is hidden until the next `showDepth`. */
  hideDepth(): void {
    this.#mesh.setEnabled(false);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}
