import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import type { FaceModel } from '../face/face-model';
import type { TrackedFrame } from '../face/types';
import type { AvatarSource } from './avatar/host';
import { type EngineChoice, type OpenEngine, openEngine } from './engine/engine';
import type { Filter, FilterEvents } from './filter/host';
import { FrameRenderer } from './frame-renderer';
import { DEFAULT_STAGE_OPTIONS, type StageOptions } from './stage-options';
import type { Size } from './view/view';

/** What a stage draws on each frame. */
export interface StageContent {
  readonly model: FaceModel;
  readonly options: Partial<StageOptions>;
  readonly filters: readonly Filter[];
  readonly avatar: AvatarSource | null;
  /** For the backdrop `picture`; the caller still owns it. */
  readonly backdropPicture?: ImageBitmap;
  readonly filterEvents: FilterEvents;
}

/** The graphics device was lost while a file was rendered. */
export class RenderLostError extends Error {
  override readonly name = 'RenderLostError';
}

/** Milliseconds between two looks at whether shaders and models are ready, and until they are given up. */
const WAIT = 20;
const MOST_WAITING = 60_000;

/** Draws frames of a file one by one at a fixed size, as `Stage` draws them live. Nothing is left out. */
export interface OfflineStage {
  /**
   * Draws a frame once its shaders and models are ready, and calls `read` with the canvas in the task in which it can be
   * read. The caller owns the frame. Rejects with RenderLostError.
   */
  drawFrame<T>(tracked: TrackedFrame, read: (canvas: HTMLCanvasElement) => T): Promise<T>;
  /** Notice of the avatar for the user; null for none. */
  readonly notice: string | null;
  dispose(): void;
}

/** Opens a stage of `size` pixels. Throws EngineError, or AvatarError. */
export async function createOfflineStage(
  size: Size,
  engine: EngineChoice,
  content: StageContent,
): Promise<OfflineStage> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, size);
  const opened = await openEngine(canvas, engine);
  opened.engine.setSize(size.width, size.height);
  const stage = new BabylonOfflineStage(canvas, opened, content);
  try {
    await stage.load();
    return stage;
  } catch (error) {
    stage.dispose();
    throw error;
  }
}

class BabylonOfflineStage implements OfflineStage {
  notice: string | null = null;
  readonly #engine: AbstractEngine;
  readonly #renderer: FrameRenderer;
  readonly #options: StageOptions;
  #lost: string | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    { engine, lost }: OpenEngine,
    private readonly content: StageContent,
  ) {
    this.#engine = engine;
    this.#options = { ...DEFAULT_STAGE_OPTIONS, ...content.options };
    this.#renderer = new FrameRenderer({ engine, canvas, events: content.filterEvents, requestDraw() {} });
    void lost.then((reason) => {
      this.#lost = reason;
    });
  }

  async load(): Promise<void> {
    const { model, filters, avatar, backdropPicture } = this.content;
    this.#renderer.setModel(model);
    this.#renderer.filters.setFilters(filters);
    if (backdropPicture) this.#renderer.background.setPicture(backdropPicture);
    if (avatar) this.notice = await this.#renderer.avatars.setAvatar(avatar);
  }

  async drawFrame<T>(tracked: TrackedFrame, read: (canvas: HTMLCanvasElement) => T): Promise<T> {
    const { frame, faces } = tracked;
    const drawn = { size: { width: frame.width, height: frame.height }, time: frame.time, faces };
    const draw = () => {
      if (this.#lost !== undefined || this.#engine.isDisposed)
        throw new RenderLostError(`The graphics device was lost (${this.#lost ?? 'closed'}). Render again.`);
      this.#renderer.drawFrame(drawn, this.#options, 1);
    };
    this.#renderer.uploadFrame(frame, this.#options);
    draw();
    for (let waited = 0; !this.#renderer.isReady() && waited < MOST_WAITING; waited += WAIT) {
      await new Promise((resolve) => setTimeout(resolve, WAIT));
      draw();
    }
    return read(this.canvas);
  }

  dispose(): void {
    if (this.#engine.isDisposed) return;
    this.#renderer.dispose();
    this.#engine.dispose();
  }
}
