import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../face/face-model';
import type { Face } from '../face/types';
import type { FaceShape } from './mesh/face-shape';
import { LitSurface } from './mesh/lit-surface';
import type { Surface } from './mesh/surface';
import { WireSurface } from './mesh/wire-surface';
import { OccluderLayer } from './occluder/occluder-layer';
import type { FrameTexture } from './picture/frame-texture';
import type { Look, StageOptions } from './stage-options';
import type { Placement } from './view/placement';

/** Opacity of a face that is held: tracked, but not visible now. */
const HELD_OPACITY = 0.4;
/** Looks that are drawn as surfaces of the fitted mesh. */
type SurfaceLook = Exclude<Look, 'none' | 'avatar'>;
const OPACITY: Readonly<Record<SurfaceLook, number>> = { face: 0.94, wireframe: 1 };

/** The scenes of a face's layers: `surfaces` is drawn first, `over` (what is in front of the face) last. */
export interface LayerScenes {
  readonly surfaces: Scene;
  readonly over: Scene;
}

export interface LayerOptions extends StageOptions {
  /** Filters are drawn on the face. */
  readonly filtered: boolean;
}

/** The layers of one face: its surface and what is in front of it. Created on first use and reused for other faces. */
export class FaceLayers {
  readonly #surfaces = new Map<Look, Surface>();
  readonly #occluder: OccluderLayer;

  constructor(
    private readonly scenes: LayerScenes,
    private readonly model: FaceModel,
    frame: FrameTexture,
  ) {
    this.#occluder = new OccluderLayer(scenes.over, frame);
  }

  showFace(face: Face, shape: FaceShape, placement: Placement, options: LayerOptions): void {
    const { look } = options;
    for (const [other, surface] of this.#surfaces) if (other !== look) surface.hideSurface();
    if (look !== 'none' && look !== 'avatar') {
      shape.setCoefficients(face.coefficients, look === 'face');
      const held = face.state === 'held' ? HELD_OPACITY : 1;
      this.#surface(look).showSurface(face, shape, placement, OPACITY[look] * held);
    }
    this.#occluder.showOccluder(face, placement, {
      occlusion: options.occlusion && (look !== 'none' || options.filtered),
      tinted: options.overlays.mask,
    });
  }

  hideFace(): void {
    for (const surface of this.#surfaces.values()) surface.hideSurface();
    this.#occluder.hideOccluder();
  }

  /** False while shaders of the mask compile. */
  isReady(): boolean {
    return this.#occluder.isReady();
  }

  #surface(look: SurfaceLook): Surface {
    const known = this.#surfaces.get(look);
    if (known) return known;
    const { surfaces } = this.scenes;
    const made = look === 'face' ? new LitSurface(surfaces, this.model) : new WireSurface(surfaces, this.model);
    this.#surfaces.set(look, made);
    return made;
  }

  dispose(): void {
    for (const surface of this.#surfaces.values()) surface.dispose();
    this.#surfaces.clear();
    this.#occluder.dispose();
  }
}
