import { type Buffer, VertexBuffer } from '@babylonjs/core/Buffers/buffer';
import { Geometry } from '@babylonjs/core/Meshes/geometry';
import type { Scene } from '@babylonjs/core/scene';
import type { FloatArray } from '@babylonjs/core/types';

/**
 * A geometry with vertices in buffers that several scenes share; disposing it does not release them. Writing shared
 * vertices through the geometry replaces them by a copy, so that the change stays in this scene.
 */
export class SharedGeometry extends Geometry {
  readonly #shared = new Map<string, VertexBuffer>();

  /** `buffers`: 3 floats per vertex, by kind (`position`, `normal`). */
  constructor(id: string, scene: Scene, buffers: Readonly<Record<string, Buffer>>, indices: Uint16Array | Uint32Array) {
    super(id, scene, undefined, true);
    for (const [kind, buffer] of Object.entries(buffers)) {
      const shared = new VertexBuffer(scene.getEngine(), buffer, kind, { size: 3, takeBufferOwnership: false });
      this.#shared.set(kind, shared);
      this.setVerticesBuffer(shared);
    }
    this.setIndices(indices);
  }

  /** Whether vertices of this kind still come from the shared buffer. */
  isShared(kind: string): boolean {
    return this.getVertexBuffer(kind) === this.#shared.get(kind);
  }

  override updateVerticesData(kind: string, data: FloatArray, updateExtends = false): void {
    if (this.isShared(kind)) this.setVerticesData(kind, Float32Array.from(data), true);
    else super.updateVerticesData(kind, data, updateExtends);
  }
}
