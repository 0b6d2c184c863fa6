import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { FaceModel } from '../../face/face-model';
import type { Face, Seconds } from '../../face/types';
import type { FaceShape } from '../mesh/face-shape';
import type { FrameTexture } from '../picture/frame-texture';
import type { Placement } from '../view/placement';
import { loadAssets } from './assets';
import type { CropUniforms, Filter, FilterContext, FilterFace } from './definition';
import { DepthOccluder } from './depth-occluder';
import type { FilterNotice } from './errors';
import { FaceSpace } from './face-space';
import { FilterMask } from './mask-texture';
import type { FilterPointer } from './pointer';
import { drawChecked, shaderError } from './shader-errors';

/** A longer pause between two frames counts as this long, seconds. */
const LONGEST_STEP = 0.25;

export interface FilterInstanceDependencies {
  readonly engine: AbstractEngine;
  readonly model: FaceModel;
  /** Of its face among the faces. */
  readonly place: number;
  /** How many places there are now. */
  places(): number;
  readonly frame: FrameTexture;
  readonly placement: Placement;
  readonly pointer: FilterPointer;
  /** The filter has broken; the instance draws no more and waits to be disposed. */
  onError(phase: FilterNotice['phase'], error: unknown): void;
  onReport(message: string): void;
  onBytes(loaded: number, total: number): void;
  /** It would look different now. */
  onChange(): void;
}

type FilterPhase = 'loading' | 'loaded' | 'setting up' | 'running' | 'broken' | 'disposed';

/** One filter on one face, in a space of its own. */
export class FilterInstance {
  readonly #space: FaceSpace;
  readonly #depth: DepthOccluder;
  #depthOn = true;
  readonly #mask: FilterMask;
  readonly #abort = new AbortController();
  readonly #crop: CropUniforms;
  #context: FilterContext;
  #phase: FilterPhase = 'loading';
  #state: unknown;
  #shown = false;
  #time: Seconds | undefined;

  constructor(
    private readonly filter: Filter,
    private readonly dependencies: FilterInstanceDependencies,
  ) {
    const { engine, model, placement } = dependencies;
    this.#space = new FaceSpace(engine, model);
    this.#depth = new DepthOccluder(this.#space);
    this.#mask = new FilterMask(this.#space.scene);
    this.#crop = { crop: new Vector4(), frameSize: placement.frameSize, frameToClip: placement.frameToClip };
    this.#context = this.#makeContext({});
    void this.#load();
  }

  get running(): boolean {
    return this.#phase === 'running';
  }

  /** Takes the filter to where this face is in this frame; the first such sets it up. */
  updateFace(face: Face, shape: FaceShape, time: Seconds, light: number): void {
    this.#space.setFace(face, shape, this.dependencies.placement, light);
    if (this.#depthOn) this.#depth.setShape(shape);
    this.#mask.upload(face.mask);
    const { centreX, centreY, side, angle } = face.crop;
    this.#crop.crop.set(centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
    if (this.#phase === 'loaded') void this.#setUp();
    this.#shown = this.#phase === 'running';
    if (!this.#shown) return;
    const dt = Math.min(Math.max(time - (this.#time ?? time), 0), LONGEST_STEP);
    this.#time = time;
    this.#try('frame', () => this.filter.frame(this.#state, filterFace(face, time, dt), this.#context));
  }

  hideFace(): void {
    this.#shown = false;
  }

  render(): void {
    if (!this.#shown) return;
    const draw = () => drawChecked(this.dependencies.engine, () => this.#space.render(), refused);
    const refused = (error: Error) => {
      if (this.#phase === 'running') this.#break('drawing', error);
    };
    this.#try('drawing', draw);
  }

  /** A shader that does not compile breaks the filter: nothing of it would ever be seen. */
  isReady(): boolean {
    if (!this.#shown || this.#space.isReady()) return true;
    const broken = shaderError(this.#space.scene);
    if (broken) this.#break('drawing', broken);
    return broken !== undefined;
  }

  dispose(): void {
    if (this.#phase === 'disposed') return;
    const wasRunning = this.#phase === 'running';
    this.#shown = false;
    this.#abort.abort();
    if (wasRunning) this.#try('dispose', () => this.filter.dispose?.(this.#state, this.#context));
    this.#phase = 'disposed';
    this.#space.dispose();
  }

  async #load(): Promise<void> {
    const { assets = {} } = this.filter;
    try {
      const loaded = await loadAssets(assets, this.#space.scene, this.#abort.signal, this.dependencies.onBytes);
      if (this.#phase !== 'loading') return;
      this.#context = this.#makeContext(loaded);
      this.#phase = 'loaded';
      this.dependencies.onChange();
    } catch (error) {
      if (this.#phase === 'loading') this.#break('assets', error);
    }
  }

  async #setUp(): Promise<void> {
    this.#phase = 'setting up';
    try {
      // Most filters are ready at once, and are then seen in the very first frame.
      const made = this.filter.setup(this.#context);
      this.#state = made instanceof Promise ? await made : made;
      if (this.#phase !== 'setting up') return;
      this.#phase = 'running';
      if (made instanceof Promise) this.dependencies.onChange();
    } catch (error) {
      if (this.#phase === 'setting up') this.#break('setup', error);
    }
  }

  #hideBehindHead(hide: boolean): void {
    this.#depthOn = hide;
    if (!hide) this.#depth.hide();
  }

  #try(phase: FilterNotice['phase'], run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#break(phase, error);
    }
  }

  #break(phase: FilterNotice['phase'], error: unknown): void {
    this.#phase = 'broken';
    this.#shown = false;
    this.dependencies.onError(phase, error);
  }

  #makeContext(assets: Record<string, unknown>): FilterContext {
    const { scene, root, anchors, model, faceMesh, camera } = this.#space;
    const { frame, place, places, pointer, onReport } = this.dependencies;
    return {
      scene,
      place,
      get places() {
        return places();
      },
      root,
      anchors,
      model,
      faceMesh,
      // Which kind each file becomes is what its ending says, in the loader as in the type.
      assets: assets as FilterContext['assets'],
      depthOccluder: { setEnabled: (enabled) => this.#hideBehindHead(enabled) },
      frameTexture: frame.texture,
      maskTexture: this.#mask.texture,
      cropUniforms: this.#crop,
      pointer,
      pointerAt: (z) => camera.pointAt(pointer.x, pointer.y, z, new Vector3()),
      report: onReport,
    };
  }
}

function filterFace(face: Face, time: Seconds, dt: Seconds): FilterFace {
  const { id, state, visibility, mask, expression, coefficients, pose, crop, camera, landmarks478 } = face;
  const { light, albedo, identity } = coefficients;
  return {
    id,
    state,
    visibility,
    occlusion: mask,
    expression,
    light,
    albedo,
    identity,
    pose,
    crop,
    camera,
    landmarks478,
    time,
    dt,
  };
}
