import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import type { Face } from '../../face/types';
import { LAYERS, layerMesh } from '../engine/quad';
import { shaderMaterial } from '../engine/shader-material';
import type { Placement } from '../view/placement';
import { addFaceStrokes, STROKES_PER_FACE, type StrokeOverlays } from './face-strokes';
import strokeFragmentGlsl from './stroke.fragment.glsl?raw';
import strokeFragmentWgsl from './stroke.fragment.wgsl?raw';
import strokeVertexGlsl from './stroke.vertex.glsl?raw';
import strokeVertexWgsl from './stroke.vertex.wgsl?raw';
import { StrokeBuffer } from './strokes';

const MOST_FACES = 4;

/** Crop square, points and axes of all faces, over everything. */
export class OverlayLayer {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #strokes = new StrokeBuffer(MOST_FACES * STROKES_PER_FACE);

  constructor(scene: Scene) {
    this.#material = shaderMaterial(
      scene,
      'strokes',
      {
        glsl: { vertexSource: strokeVertexGlsl, fragmentSource: strokeFragmentGlsl },
        wgsl: { vertexSource: strokeVertexWgsl, fragmentSource: strokeFragmentWgsl },
      },
      { attributes: ['position', 'capsule', 'tone'], uniforms: ['frameToClip', 'softness'], blend: true, depth: false },
    );
    this.#mesh = layerMesh(scene, 'strokes', LAYERS.overlay, this.#material);
    this.#mesh.setVerticesData('position', this.#strokes.positions, true, 3);
    this.#mesh.setVerticesData('capsule', this.#strokes.capsules, true, 4);
    this.#mesh.setVerticesData('tone', this.#strokes.tones, true, 4);
    this.#mesh.setIndices(this.#strokes.indices);
    this.#mesh.setEnabled(false);
  }

  showOverlays(faces: readonly Face[], overlays: StrokeOverlays, placement: Placement): void {
    const unit = placement.pixelRatio / placement.view.zoom;
    this.#strokes.clear();
    for (const face of faces) addFaceStrokes(face, overlays, unit, this.#strokes);
    this.#mesh.setEnabled(this.#strokes.count > 0);
    if (this.#strokes.count === 0) return;
    this.#mesh.updateVerticesData('position', this.#strokes.positions);
    this.#mesh.updateVerticesData('capsule', this.#strokes.capsules);
    this.#mesh.updateVerticesData('tone', this.#strokes.tones);
    this.#material.setVector4('frameToClip', placement.frameToClip);
    this.#material.setFloat('softness', 0.5 / placement.view.zoom);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}
