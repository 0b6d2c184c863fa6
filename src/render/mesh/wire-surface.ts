import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { writeAttachment } from '../engine/attachment';
import { LAYERS, layerMesh } from '../engine/quad';
import { shaderMaterial } from '../engine/shader-material';
import type { Placement } from '../view/placement';
import { coverWeights } from './face-cover';
import type { FaceShape } from './face-shape';
import { type Surface, SurfaceCamera } from './surface';
import { spread, type WireCorners, wireCorners } from './wire-corners';
import wireframeFragmentGlsl from './wireframe.fragment.glsl?raw';
import wireframeFragmentWgsl from './wireframe.fragment.wgsl?raw';
import wireframeVertexGlsl from './wireframe.vertex.glsl?raw';
import wireframeVertexWgsl from './wireframe.vertex.wgsl?raw';

/** CSS pixels. */
const HALF_LINE = 0.55;
/** Face width in CSS pixels from which lines have their full width. */
const FULL_WIDTH_AT = 260;
/** Millimetres. */
const FACE_WIDTH = 150;
const LINE = new Vector4(0.45, 1, 0.86, 0.95);
const FILL = new Vector4(0.05, 0.35, 0.36, 0.38);

/** The fitted face as a wireframe of quads, hidden lines removed. */
export class WireSurface implements Surface {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #camera: SurfaceCamera;
  readonly #wire: WireCorners;
  readonly #positions: Float32Array;
  readonly #normals: Float32Array;

  constructor(scene: Scene, model: FaceModel) {
    this.#camera = new SurfaceCamera(model);
    this.#wire = wireCorners(model);
    const { vertices, corners } = this.#wire;
    this.#positions = new Float32Array(3 * vertices.length);
    this.#normals = new Float32Array(3 * vertices.length);
    this.#material = wireMaterial(scene);
    writeAttachment(this.#material, 'skin');
    this.#mesh = layerMesh(scene, 'wireframe', LAYERS.surface, this.#material);
    const cover = spread(coverWeights(model, false), 1, vertices, new Float32Array(vertices.length));
    this.#mesh.setVerticesData('position', this.#positions, true, 3);
    this.#mesh.setVerticesData('normal', this.#normals, true, 3);
    this.#mesh.setVerticesData('corner', corners, false, 3);
    this.#mesh.setVerticesData('cover', cover, false, 1);
    this.#mesh.setIndices(Uint32Array.from(vertices, (_, corner) => corner));
    this.#mesh.setEnabled(false);
  }

  showSurface(face: Face, shape: FaceShape, placement: Placement, opacity: number): void {
    const { vertices } = this.#wire;
    this.#mesh.updateVerticesData('position', spread(shape.vertices, 3, vertices, this.#positions));
    this.#mesh.updateVerticesData('normal', spread(shape.normals, 3, vertices, this.#normals));
    this.#camera.bindCamera(this.#material, face, placement);
    this.#material.setFloat('opacity', opacity);
    this.#material.setFloat('lineWidth', lineWidth(face, placement));
    this.#mesh.setEnabled(true);
  }

  hideSurface(): void {
    this.#mesh.setEnabled(false);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}

/** Half the line width in canvas pixels; smaller on small faces, where the lines would merge. */
function lineWidth({ camera }: Face, { view, pixelRatio }: Placement): number {
  const facePixels = (FACE_WIDTH * camera.scale * view.zoom) / pixelRatio;
  return HALF_LINE * pixelRatio * Math.min(Math.max(facePixels / FULL_WIDTH_AT, 0.3), 1);
}

function wireMaterial(scene: Scene): ShaderMaterial {
  const material = shaderMaterial(
    scene,
    'wireframe',
    {
      glsl: { vertexSource: wireframeVertexGlsl, fragmentSource: wireframeFragmentGlsl },
      wgsl: { vertexSource: wireframeVertexWgsl, fragmentSource: wireframeFragmentWgsl },
    },
    {
      attributes: ['position', 'normal', 'corner', 'cover'],
      uniforms: ['projection', 'lightRotation', 'lineColour', 'fillColour', 'lineWidth', 'opacity'],
      blend: true,
      depth: true,
    },
  );
  material.setVector4('lineColour', LINE);
  material.setVector4('fillColour', FILL);
  return material;
}
