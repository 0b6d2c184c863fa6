import { Camera } from '@babylonjs/core/Cameras/camera';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Color4 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../face/face-model';
import type { Face, TrackedFrame } from '../face/types';
import { type EngineChoice, type EngineKind, type OpenEngine, openEngine } from './engine';
import { FaceLayers } from './face-layers';
import { FaceShape } from './face-shape';
import { FrameTexture } from './frame-texture';
import { OverlayLayer } from './overlay-layer';
import { Placement } from './placement';
import { DEFAULT_STAGE_OPTIONS, type StageOptions } from './stage-options';
import { VideoLayer } from './video-layer';
import type { Size } from './view';

export { EngineError } from './engine';

const MOST_FACES = 4;
/** More canvas pixels per CSS pixel cost much and show little. */
const MOST_PIXEL_RATIO = 2;

/** Draws tracked frames: video, then 3D, then the pixels of what is in front; all from one TrackedFrame. */
export interface Stage {
  readonly engine: EngineKind;
  /** Resolves with the reason when the graphics device is gone: dispose the stage and make a new one. */
  readonly lost: Promise<string>;
  /** Takes a picture of the frame and draws it at once; the caller still owns the frame and closes it. */
  show(tracked: TrackedFrame): void;
  /** Without a model only the video and the flat overlays are drawn. */
  setModel(model: FaceModel): void;
  /** Changes some options and draws the last frame anew. */
  set(options: Partial<StageOptions>): void;
  /** The canvas as PNG. */
  screenshot(): Promise<Blob>;
  /** Frees everything; a second call does nothing. */
  dispose(): void;
}

/** Opens a stage on the canvas, which follows its size on the page. Throws EngineError. */
export async function createStage(canvas: HTMLCanvasElement, { engine }: { engine: EngineChoice }): Promise<Stage> {
  return new BabylonStage(canvas, await openEngine(canvas, engine));
}

class BabylonStage implements Stage {
  readonly engine: EngineKind;
  readonly lost: Promise<string>;
  readonly #engine: AbstractEngine;
  readonly #scene: Scene;
  readonly #placement: Placement;
  readonly #frame: FrameTexture;
  readonly #video: VideoLayer;
  readonly #overlays: OverlayLayer;
  readonly #resizes: ResizeObserver;
  #model: { readonly shape: FaceShape; readonly slots: FaceLayers[] } | undefined;
  #options = DEFAULT_STAGE_OPTIONS;
  #last: { readonly size: Size; readonly faces: readonly Face[] } | undefined;
  #retry = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    { engine, kind, lost }: OpenEngine,
  ) {
    this.engine = kind;
    this.lost = lost;
    this.#engine = engine;
    this.#scene = emptyScene(engine);
    this.#placement = new Placement(engine.isNDCHalfZRange ? 'half' : 'full');
    this.#frame = new FrameTexture(this.#scene);
    this.#video = new VideoLayer(this.#scene, this.#frame);
    this.#overlays = new OverlayLayer(this.#scene);
    this.#resizes = new ResizeObserver(() => this.#resize());
    this.#resizes.observe(canvas);
    this.#resize();
  }

  show({ frame, faces }: TrackedFrame): void {
    if (this.#engine.isDisposed) return;
    this.#frame.upload(frame);
    this.#last = { size: { width: frame.width, height: frame.height }, faces };
    this.#draw();
  }

  setModel(model: FaceModel): void {
    if (this.#engine.isDisposed) return;
    this.#dropModel();
    const slots = Array.from({ length: MOST_FACES }, () => new FaceLayers(this.#scene, model, this.#frame));
    this.#model = { shape: new FaceShape(model), slots };
    this.#draw();
  }

  set(options: Partial<StageOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#draw();
  }

  screenshot(): Promise<Blob> {
    this.#draw();
    return new Promise((resolve, reject) => {
      this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no picture.'))));
    });
  }

  dispose(): void {
    if (this.#engine.isDisposed) return;
    cancelAnimationFrame(this.#retry);
    this.#resizes.disconnect();
    this.#dropModel();
    this.#overlays.dispose();
    this.#video.dispose();
    this.#frame.dispose();
    this.#scene.dispose();
    this.#engine.dispose();
  }

  #resize(): void {
    const ratio = Math.min(window.devicePixelRatio, MOST_PIXEL_RATIO);
    const { clientWidth, clientHeight } = this.canvas;
    this.#placement.pixelRatio = ratio;
    this.#engine.setSize(Math.max(1, Math.round(clientWidth * ratio)), Math.max(1, Math.round(clientHeight * ratio)));
    this.#draw();
  }

  #draw(): void {
    if (this.#engine.isDisposed) return;
    if (this.#last) this.#place(this.#last.size, this.#last.faces);
    this.#engine.beginFrame();
    if (this.#last) this.#scene.render();
    else this.#engine.clear(this.#scene.clearColor, true, true);
    this.#engine.endFrame();
    this.#drawAgainWhenReady();
  }

  #place(size: Size, faces: readonly Face[]): void {
    const { fit, mirror, overlays } = this.#options;
    const canvas = { width: this.#engine.getRenderWidth(), height: this.#engine.getRenderHeight() };
    this.#placement.update(canvas, size, fit, mirror);
    this.#video.place(this.#placement);
    this.#overlays.show(faces, overlays, this.#placement);
    if (!this.#model) return;
    const { shape, slots } = this.#model;
    slots.forEach((slot, i) => {
      const face = faces[i];
      if (face) slot.show(face, shape, this.#placement, this.#options);
      else slot.hide();
    });
  }

  /** Shaders compile in the background; what was left out is drawn when they are there. */
  #drawAgainWhenReady(): void {
    cancelAnimationFrame(this.#retry);
    if (!this.#last || this.#scene.meshes.every((mesh) => !mesh.isEnabled() || mesh.isReady(true))) return;
    this.#retry = requestAnimationFrame(() => this.#draw());
  }

  #dropModel(): void {
    for (const slot of this.#model?.slots ?? []) slot.dispose();
    this.#model = undefined;
  }
}

/** The camera only has to be there: the shaders place everything themselves. */
function emptyScene(engine: AbstractEngine): Scene {
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.clearColor = new Color4(0.035, 0.043, 0.063, 1);
  scene.activeCamera = new Camera('none', Vector3.Zero(), scene);
  scene.skipPointerMovePicking = true;
  return scene;
}
