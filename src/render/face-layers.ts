import type { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../face/face-model';
import type { Face } from '../face/types';
import type { Attachment, Content } from './engine/attachment';
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
  /** What is drawn, on any face. */
  readonly content: Content;
}

/** Of 255. A mask in which nothing own is above it has only occluders in front of everything. */
const NOT_OWN = 40;

/** The layers of one face: its surface and what is in front of it. Created on first use and reused for other faces. */
export class FaceLayers {
  readonly #surfaces = new Map<Look, Surface>();
  /** By the content that they are in front of; undefined for all of it. */
  readonly #occluders = new Map<Attachment | undefined, OccluderLayer>();

  constructor(
    private readonly scenes: LayerScenes,
    private readonly model: FaceModel,
    private readonly frame: FrameTexture,
  ) {
    this.#occluder(undefined);
  }

  showFace(face: Face, shape: FaceShape, placement: Placement, options: LayerOptions): void {
    const { look } = options;
    for (const [other, surface] of this.#surfaces) if (other !== look) surface.hideSurface();
    if (look !== 'none' && look !== 'avatar') {
      shape.setCoefficients(face.coefficients, look === 'face');
      const held = face.state === 'held' ? HELD_OPACITY : 1;
      this.#surface(look).showSurface(face, shape, placement, OPACITY[look] * held);
    }
    this.#showOccluders(face, placement, options);
  }

  hideFace(): void {
    for (const surface of this.#surfaces.values()) surface.hideSurface();
    for (const occluder of this.#occluders.values()) occluder.hideOccluder();
  }

  /** False while shaders of the mask compile. */
  isReady(): boolean {
    return [...this.#occluders.values()].every((occluder) => occluder.isReady());
  }

  #showOccluders(face: Face, placement: Placement, { content, overlays, ...options }: LayerOptions): void {
    const tinted = overlays.mask;
    const occlusion = options.occlusion && (content.skin || content.head);
    const wanted = new Set<Attachment | undefined>();
    if (!occlusion || !face.mask.own.some((value) => value > NOT_OWN)) wanted.add(undefined);
    else {
      if (content.skin || tinted) wanted.add('skin');
      if (content.head || tinted) wanted.add('head');
    }
    for (const [over, occluder] of this.#occluders) if (!wanted.has(over)) occluder.hideOccluder();
    for (const over of wanted) this.#occluder(over).showOccluder(face, placement, { occlusion, tinted });
  }

  #occluder(over: Attachment | undefined): OccluderLayer {
    const known = this.#occluders.get(over);
    if (known) return known;
    const made = new OccluderLayer(this.scenes.over, this.frame, over ? { over } : {});
    this.#occluders.set(over, made);
    return made;
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
    for (const occluder of this.#occluders.values()) occluder.dispose();
  }
}
