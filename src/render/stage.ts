import { Camera } from '@babylonjs/core/Cameras/camera';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Color4 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Scene } from '@babylonjs/core/scene';
import type { FaceModel } from '../face/face-model';
import type { Face, Seconds, TrackedFrame } from '../face/types';
import { AvatarHost, type AvatarSource } from './avatar/host';
import { studioPlace } from './avatar/studio';
import { type EngineChoice, type EngineKind, type OpenEngine, openEngine } from './engine/engine';
import { isSettled } from './engine/shader-material';
import { FaceLayers } from './face-layers';
import { type Filter, type FilterEvents, FilterHost } from './filter/host';
import { FaceShape } from './mesh/face-shape';
import { OverlayLayer } from './overlay/overlay-layer';
import { BackgroundLayer } from './picture/background-layer';
import { FrameTexture } from './picture/frame-texture';
import { VideoLayer } from './picture/video-layer';
import { DEFAULT_STAGE_OPTIONS, type StageOptions } from './stage-options';
import { Placement } from './view/placement';
import { type Box, frameBox, type Size } from './view/view';

export { EngineError } from './engine/engine';

const MOST_FACES = 4;
/** More canvas pixels per CSS pixel cost much and show little. */
const MOST_PIXEL_RATIO = 2;

/** Draws tracked frames: video, then 3D, then the pixels of what is in front; all from one TrackedFrame. */
export interface Stage {
  readonly engine: EngineKind;
  /** Resolves with the reason when the graphics device is gone: dispose the stage and make a new one. */
  readonly lost: Promise<string>;
  /** Takes a picture of the frame and draws it at once; the caller still owns the frame and closes it. */
  showFrame(tracked: TrackedFrame): void;
  /** Without a model only the video and the flat overlays are drawn. */
  setModel(model: FaceModel): void;
  /** Changes some options and draws the last frame anew. */
  setOptions(options: Partial<StageOptions>): void;
  /** Switches to these filters; they need a model. */
  setFilters(filters: readonly Filter[]): void;
  /**
   * Takes this avatar for the look `avatar`, or none. Resolves with what the person should know about it, null if
   * nothing; rejects with AvatarError, the avatar before stays then.
   */
  setAvatar(source: AvatarSource | null): Promise<string | null>;
  /** For the backdrop `picture`; the caller still owns it. */
  setBackdropPicture(picture: ImageBitmap): void;
  /** The canvas now, and the part of it that is picture: without the bars around a frame. */
  readonly view: { readonly canvas: HTMLCanvasElement; readonly box: Box };
  /** The picture as PNG, transparent where the backdrop is. */
  screenshot(): Promise<Blob>;
  /** Frees everything; a second call does nothing. */
  dispose(): void;
}

export interface CreateStageOptions {
  readonly engine: EngineChoice;
  /** What filters have to say; nobody listens without it. */
  readonly filters?: FilterEvents;
}

/** Opens a stage on the canvas, which follows its size on the page. Throws EngineError. */
export async function createStage(canvas: HTMLCanvasElement, { engine, filters }: CreateStageOptions): Promise<Stage> {
  return new BabylonStage(canvas, await openEngine(canvas, engine), filters ?? NOBODY);
}

const NOBODY: FilterEvents = { onNotice() {}, onProgress() {}, onRunning() {} };

class BabylonStage implements Stage {
  readonly engine: EngineKind;
  readonly lost: Promise<string>;
  readonly #engine: AbstractEngine;
  readonly #scene: Scene;
  /** What lies over the 3D: the occluders' pixels and the overlays. */
  readonly #over: Scene;
  readonly #placement: Placement;
  readonly #frame: FrameTexture;
  readonly #video: VideoLayer;
  readonly #overlays: OverlayLayer;
  readonly #filters: FilterHost;
  readonly #avatars: AvatarHost;
  readonly #background: BackgroundLayer;
  readonly #resizes: ResizeObserver;
  /** Places for faces, the largest first; none without a model. */
  #slots: readonly { readonly layers: FaceLayers; readonly shape: FaceShape }[] = [];
  #options = DEFAULT_STAGE_OPTIONS;
  #last: { readonly size: Size; readonly time: Seconds; readonly faces: readonly Face[] } | undefined;
  #retry = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    { engine, kind, lost }: OpenEngine,
    events: FilterEvents,
  ) {
    this.engine = kind;
    this.lost = lost;
    this.#engine = engine;
    this.#scene = emptyScene(engine);
    this.#over = emptyScene(engine);
    this.#over.autoClear = false;
    this.#over.autoClearDepthAndStencil = false;
    this.#placement = new Placement(engine.isNDCHalfZRange ? 'half' : 'full');
    this.#frame = new FrameTexture(this.#scene);
    this.#video = new VideoLayer(this.#scene, this.#frame);
    this.#overlays = new OverlayLayer(this.#over);
    this.#filters = new FilterHost({
      engine,
      canvas,
      frame: this.#frame,
      placement: this.#placement,
      events,
      redraw: () => this.#draw(),
    });
    this.#avatars = new AvatarHost(engine, () => this.#draw());
    this.#background = new BackgroundLayer(this.#scene);
    this.#resizes = new ResizeObserver(() => this.#resize());
    this.#resizes.observe(canvas);
    this.#resize();
  }

  showFrame({ frame, faces }: TrackedFrame): void {
    if (this.#engine.isDisposed) return;
    this.#frame.upload(frame);
    if (this.#options.place === 'studio') this.#background.blur(frame);
    this.#last = { size: { width: frame.width, height: frame.height }, time: frame.time, faces };
    this.#draw();
  }

  setModel(model: FaceModel): void {
    if (this.#engine.isDisposed) return;
    this.#dropModel();
    const scenes = { surfaces: this.#scene, over: this.#over };
    this.#slots = Array.from({ length: MOST_FACES }, () => ({
      layers: new FaceLayers(scenes, model, this.#frame),
      shape: new FaceShape(model),
    }));
    this.#filters.setModel(model);
    this.#avatars.setModel(model);
    this.#draw();
  }

  setOptions(options: Partial<StageOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#draw();
  }

  setFilters(filters: readonly Filter[]): void {
    if (this.#engine.isDisposed) return;
    this.#filters.setFilters(filters);
  }

  setAvatar(source: AvatarSource | null): Promise<string | null> {
    return this.#engine.isDisposed ? Promise.resolve(null) : this.#avatars.setAvatar(source);
  }

  setBackdropPicture(picture: ImageBitmap): void {
    if (this.#engine.isDisposed) return;
    this.#background.setPicture(picture);
    this.#draw();
  }

  screenshot(): Promise<Blob> {
    this.#draw();
    const { canvas, box } = this.view;
    return pngOf(canvas, box);
  }

  get view(): Stage['view'] {
    const canvas = { width: this.#engine.getRenderWidth(), height: this.#engine.getRenderHeight() };
    const whole = this.#options.place === 'studio' || !this.#last;
    const box = whole ? { x: 0, y: 0, ...canvas } : frameBox(this.#placement.view, this.#last?.size ?? canvas, canvas);
    return { canvas: this.canvas, box };
  }

  dispose(): void {
    if (this.#engine.isDisposed) return;
    cancelAnimationFrame(this.#retry);
    this.#resizes.disconnect();
    this.#filters.dispose();
    this.#avatars.dispose();
    this.#background.dispose();
    this.#dropModel();
    this.#overlays.dispose();
    this.#video.dispose();
    this.#frame.dispose();
    this.#over.dispose();
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
    if (this.#last) this.#place(this.#last.size, this.#last.faces, this.#last.time);
    this.#engine.beginFrame();
    if (this.#last) this.#render();
    else this.#engine.clear(this.#scene.clearColor, true, true);
    this.#engine.endFrame();
    this.#drawAgainWhenReady();
  }

  /** Video and surfaces or avatars, then filters over their depth, then what is in front. */
  #render(): void {
    this.#scene.render();
    if (this.#options.look === 'avatar') this.#avatars.renderAvatars();
    this.#filters.renderFilters('face');
    this.#over.render();
    this.#filters.renderFilters('over');
  }

  #place(size: Size, faces: readonly Face[], time: Seconds): void {
    const { fit, mirror, overlays } = this.#options;
    const canvas = { width: this.#engine.getRenderWidth(), height: this.#engine.getRenderHeight() };
    this.#avatars.updateAvatars(faces, time, { ...this.#options, placement: this.#placement, canvas });
    this.#placement.update(canvas, size, fit, mirror);
    this.#video.placeFrame(this.#placement);
    this.#setBackdrop(canvas, size);
    this.#overlays.showOverlays(faces, overlays, this.#placement);
    const options = { ...this.#options, filtered: this.#filters.active };
    this.#slots.forEach(({ layers, shape }, i) => {
      const face = faces[i];
      if (face) layers.showFace(face, shape, this.#placement, options);
      else layers.hideFace();
    });
    this.#filters.light = this.#options.light;
    this.#filters.updateFilters(
      this.#slots.flatMap(({ shape }, i) => (faces[i] ? [{ face: faces[i], shape }] : [])),
      time,
    );
  }

  /** In a studio the frame is laid so that its head comes to where the studio has it, and is not seen itself. */
  #setBackdrop(canvas: Size, size: Size): void {
    const { place, backdrop, mirror } = this.#options;
    const { studio } = this.#avatars;
    const inStudio = place === 'studio';
    this.#video.setEnabled(!inStudio);
    const layer = inStudio && (backdrop === 'blur' || backdrop === 'picture') ? backdrop : null;
    this.#background.showBackground(layer, canvas, mirror);
    this.#scene.clearColor = inStudio ? clearColour(backdrop) : AROUND;
    if (!inStudio || !studio?.face) return;
    this.#placement.at(canvas, size, mirror, studioPlace(studio.face, studio.pose, canvas));
  }

  /** Shaders compile in the background; what was left out is drawn when they are there. Broken ones are not waited for. */
  #drawAgainWhenReady(): void {
    cancelAnimationFrame(this.#retry);
    const scenes = [this.#scene, this.#over];
    const drawn = scenes.every(({ meshes }) => meshes.every(isSettled));
    const masked = this.#slots.every(({ layers }) => layers.isReady());
    if (!this.#last || (drawn && masked && this.#filters.isReady() && this.#avatars.isReady())) return;
    this.#retry = requestAnimationFrame(() => this.#draw());
  }

  #dropModel(): void {
    for (const { layers } of this.#slots) layers.dispose();
    this.#slots = [];
  }
}

/** The canvas has to have been drawn in this very task. */
async function pngOf(canvas: HTMLCanvasElement, { x, y, width, height }: Box): Promise<Blob> {
  const picture = await createImageBitmap(canvas, x, y, width, height);
  const copy = new OffscreenCanvas(width, height);
  const context = copy.getContext('bitmaprenderer');
  if (!context) throw new Error('The canvas gave no picture.');
  context.transferFromImageBitmap(picture);
  return copy.convertToBlob({ type: 'image/png' });
}

/** Around a frame that does not fill the canvas. */
const AROUND = new Color4(0.035, 0.043, 0.063, 1);
const TRANSPARENT = new Color4(0, 0, 0, 0);

function clearColour(backdrop: StageOptions['backdrop']): Color4 {
  if (backdrop === 'transparent') return TRANSPARENT;
  return backdrop.startsWith('#') ? Color4.FromHexString(`${backdrop}ff`) : AROUND;
}

/** The camera only has to be there: the shaders place everything themselves. */
function emptyScene(engine: AbstractEngine): Scene {
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.clearColor = AROUND;
  scene.activeCamera = new Camera('none', Vector3.Zero(), scene);
  scene.skipPointerMovePicking = true;
  return scene;
}
