import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Vector2, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { Face, Seconds } from '../../face/types';
import { type Content, writeAttachments } from '../engine/attachment';
import type { FaceShape } from '../mesh/face-shape';
import type { FrameTexture } from '../picture/frame-texture';
import { loadAssets } from './assets';
import type { CropUniforms, Filter, FilterContext, FilterFace } from './definition';
import { DepthOccluder } from './depth-occluder';
import type { FilterNotice } from './errors';
import { FaceSpace } from './face-space';
import type { FaceUploads } from './face-uploads';
import type { FilterView } from './filter-view';
import type { FilterPointer } from './pointer';
import { drawChecked, shaderError } from './shader-errors';

/** Upper limit of `dt`, seconds. */
const LONGEST_STEP = 0.25;

const NO_CONTENT: Content = { skin: false, head: false };

export interface FilterInstanceDependencies {
  readonly engine: AbstractEngine;
  /** Mask and mesh of its face; the owner updates and disposes them. */
  readonly uploads: FaceUploads;
  /** Index of its face among the faces. */
  readonly place: number;
  /** Number of places now. */
  places(): number;
  readonly frame: FrameTexture;
  readonly pointer: FilterPointer;
  /** The filter failed; the instance draws nothing until it is disposed. */
  onError(phase: FilterNotice['phase'], error: unknown): void;
  onReport(message: string): void;
  onBytes(loaded: number, total: number): void;
  /** Its part of the picture has changed. */
  onChange(): void;
}

type FilterPhase = 'loading' | 'loaded' | 'setting up' | 'running' | 'broken' | 'disposed';

/** One filter on one face, in its own scene. */
export class FilterInstance {
  readonly #space: FaceSpace;
  readonly #depth: DepthOccluder;
  #depthOn = true;
  readonly #abort = new AbortController();
  readonly #crop: CropUniforms = { crop: new Vector4(), frameSize: new Vector2(1, 1), frameToClip: new Vector4() };
  #context: FilterContext;
  #phase: FilterPhase = 'loading';
  #state: unknown;
  #shown = false;
  #content = NO_CONTENT;
  #time: Seconds | undefined;

  constructor(
    private readonly filter: Filter,
    private readonly dependencies: FilterInstanceDependencies,
  ) {
    this.#space = new FaceSpace(dependencies.engine, dependencies.uploads);
    this.#depth = new DepthOccluder(this.#space);
    this.#context = this.#makeContext({});
    void this.#load();
  }

  get running(): boolean {
    return this.#phase === 'running';
  }

  /** Moves the filter to this face; the first call after loading runs `setup`. The face's uploads are current. */
  updateFace(face: Face, shape: FaceShape, { time, placement, light }: FilterView): void {
    this.#space.setFace(face, shape, placement, light);
    if (this.#depthOn) this.#depth.showDepth();
    const { centreX, centreY, side, angle } = face.crop;
    this.#crop.crop.set(centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
    this.#crop.frameSize.copyFrom(placement.frameSize);
    this.#crop.frameToClip.copyFrom(placement.frameToClip);
    if (this.#phase === 'loaded') void this.#setUp();
    this.#shown = this.#phase === 'running';
    if (!this.#shown) return;
    const dt = Math.min(Math.max(time - (this.#time ?? time), 0), LONGEST_STEP);
    this.#time = time;
    this.#try('frame', () => this.filter.frame(this.#state, filterFace(face, time, dt), this.#context));
    this.#try('drawing', () => {
      this.#content = writeAttachments(this.#space.scene.meshes);
    });
  }

  /** What it draws now. */
  get content(): Content {
    return this.#shown ? this.#content : NO_CONTENT;
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

  /** False while its shaders and textures are not ready. A shader that does not compile fails the filter. */
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
      // Without `await` for synchronous filters: they are drawn in the very first frame.
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
    if (!hide) this.#depth.hideDepth();
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
    const { frame, uploads, place, places, pointer, onReport } = this.dependencies;
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
      // The file's extension decides what each asset becomes, in the loader as in the type.
      assets: assets as FilterContext['assets'],
      depthOccluder: { setEnabled: (enabled) => this.#hideBehindHead(enabled) },
      frameTexture: frame.texture,
      maskTexture: uploads.maskTexture,
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
