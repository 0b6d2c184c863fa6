import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../face/face-model';
import type { TrackedFrame } from '../face/types';
import type { AvatarSource } from './avatar/host';
import { canvasPng } from './canvas-png';
import { DrawSchedule } from './draw-schedule';
import { type EngineKind, type OpenEngine, openEngine } from './engine/engine';
import type { Filter, FilterEvents } from './filter/host';
import { FrameRenderer } from './frame-renderer';
import { blursBackground, DEFAULT_STAGE_OPTIONS, type StageOptions } from './stage-options';
import type { CreateStageOptions, Stage, StageEvents } from './stage-types';
import { type Box, frameBox, type Size } from './view/view';

export { EngineError } from './engine/engine';
export type { CreateStageOptions, Stage, StageEvents };

/** Canvas pixels per CSS pixel at most: more are slow and hardly visible. */
const MOST_PIXEL_RATIO = 2;

/** Opens a stage on the canvas, which follows its size on the page. Throws EngineError. */
export async function createStage(canvas: HTMLCanvasElement, options: CreateStageOptions = {}): Promise<Stage> {
  return new BabylonStage(canvas, await openEngine(canvas, options.engine ?? 'auto'), options);
}

const NO_FILTER_EVENTS: FilterEvents = { onNotice() {}, onProgress() {}, onRunning() {} };

class BabylonStage implements Stage {
  readonly engine: EngineKind;
  readonly lost: Promise<string>;
  readonly #engine: AbstractEngine;
  readonly #renderer: FrameRenderer;
  readonly #schedule = new DrawSchedule(() => this.#drawReported());
  readonly #resizes = new ResizeObserver(() => this.#onResize());
  #options = DEFAULT_STAGE_OPTIONS;
  /** The newest frame, on the GPU. */
  #shown: TrackedFrame | undefined;
  #isDrawn = false;
  #isResized = false;
  #box: Box;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    { engine, kind, lost }: OpenEngine,
    private readonly events: StageEvents,
  ) {
    this.engine = kind;
    this.lost = lost;
    this.#engine = engine;
    this.#renderer = new FrameRenderer({
      engine,
      canvas,
      events: events.filters ?? NO_FILTER_EVENTS,
      requestDraw: () => this.#schedule.request(),
    });
    this.#resizes.observe(canvas);
    this.#fitCanvas();
    this.#box = { x: 0, y: 0, ...this.#canvasSize };
    this.#schedule.request();
  }

  showFrame(tracked: TrackedFrame): void {
    if (this.#engine.isDisposed) return;
    this.#renderer.uploadFrame(tracked.frame, this.#options);
    this.#shown = tracked;
    this.#isDrawn = false;
    this.#schedule.request();
  }

  clearFrame(): void {
    if (this.#engine.isDisposed) return;
    this.#shown = undefined;
    this.#schedule.request();
  }

  setModel(model: FaceModel): void {
    if (this.#engine.isDisposed) return;
    this.#renderer.setModel(model);
    this.#schedule.request();
  }

  setOptions(options: Partial<StageOptions>): void {
    if (this.#engine.isDisposed) return;
    const blurred = blursBackground(this.#options);
    this.#options = { ...this.#options, ...options };
    if (blursBackground(this.#options) && !blurred) void this.#blurShownFrame();
    this.#schedule.request();
  }

  setFilters(filters: readonly Filter[]): void {
    if (!this.#engine.isDisposed) this.#renderer.filters.setFilters(filters);
  }

  async setAvatar(source: AvatarSource | null): Promise<string | null> {
    return this.#engine.isDisposed ? null : this.#renderer.avatars.setAvatar(source);
  }

  setBackdropPicture(picture: ImageBitmap): void {
    if (this.#engine.isDisposed) return;
    this.#renderer.background.setPicture(picture);
    this.#schedule.request();
  }

  isReady(): boolean {
    return !this.#schedule.pending && this.#renderer.isReady();
  }

  async screenshot(): Promise<Blob> {
    this.#schedule.cancel();
    this.#draw();
    return canvasPng(this.canvas, this.#box);
  }

  get view(): Stage['view'] {
    return { canvas: this.canvas, box: this.#box };
  }

  get surroundsFaces(): boolean {
    return this.#renderer.surroundsFaces;
  }

  dispose(): void {
    if (this.#engine.isDisposed) return;
    this.#schedule.cancel();
    this.#resizes.disconnect();
    this.#renderer.dispose();
    this.#engine.dispose();
  }

  get #canvasSize(): Size {
    return { width: this.#engine.getRenderWidth(), height: this.#engine.getRenderHeight() };
  }

  get #pixelRatio(): number {
    return Math.min(window.devicePixelRatio, MOST_PIXEL_RATIO);
  }

  /** The canvas takes its new size right before the next drawing: a change of size clears it. */
  #onResize(): void {
    this.#isResized = true;
    this.#schedule.request();
  }

  #fitCanvas(): void {
    const { clientWidth, clientHeight } = this.canvas;
    const side = (length: number) => Math.max(1, Math.round(length * this.#pixelRatio));
    this.#engine.setSize(side(clientWidth), side(clientHeight));
  }

  #drawReported(): void {
    const { onError } = this.events;
    try {
      this.#draw();
    } catch (error) {
      if (!onError) throw error;
      onError(error);
    }
  }

  #draw(): void {
    if (this.#engine.isDisposed) return;
    if (this.#isResized) this.#fitCanvas();
    this.#isResized = false;
    const shown = this.#shown;
    if (shown) this.#drawShown(shown);
    else this.#renderer.drawNothing();
  }

  #drawShown(shown: TrackedFrame): void {
    const { frame, faces } = shown;
    const size = { width: frame.width, height: frame.height };
    const { view } = this.#renderer.drawFrame({ size, time: frame.time, faces }, this.#options, this.#pixelRatio);
    const canvas = this.#canvasSize;
    this.#box = this.#options.place === 'studio' ? { x: 0, y: 0, ...canvas } : frameBox(view, size, canvas);
    // Shaders compile in the background; what was left out is drawn when they are ready.
    if (!this.#renderer.isReady()) this.#schedule.request();
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    this.events.onDrawn?.(shown);
  }

  /** The backdrop was switched to the blurred video: the frame itself is closed by now. */
  async #blurShownFrame(): Promise<void> {
    if (await this.#renderer.blurUploadedFrame()) this.#schedule.request();
  }
}
