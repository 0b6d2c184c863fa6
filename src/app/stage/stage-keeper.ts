import type { FaceModel } from '../../face/face-model';
import type { TrackedFrame } from '../../face/types';
import type { AvatarSource } from '../../render/avatar/host';
import type { EngineChoice, EngineKind } from '../../render/engine/open-engine';
import type { Filter, FilterEvents } from '../../render/filter/host';
import { createStage, type Stage } from '../../render/stage';
import type { StageOptions } from '../../render/stage-options';

/** Losses in a row after which the stage is given up. */
const MOST_LOSSES = 3;
/** A stage that lasted this many milliseconds counts as sound again. */
const SOUND = 60_000;

/** The graphics device was lost too often. */
export class StageLostError extends Error {
  override readonly name = 'StageLostError';
}

export interface StageKeeperEvents {
  onEngine(engine: EngineKind): void;
  /** The device was lost and is being rebuilt. */
  onLost(reason: string): void;
  onError(error: unknown): void;
  readonly filters: FilterEvents;
}

/**
 * Keeps a stage on the page; a lost one is rebuilt on a new canvas, with its model and options. Where the engine is the
 * page's choice, one that does not open and the last of the rebuilds are left to WebGL2.
 */
export class StageKeeper {
  #stage: Stage | undefined;
  #model: FaceModel | undefined;
  #options: Partial<StageOptions> = {};
  #filters: readonly Filter[] = [];
  #avatar: AvatarSource | null = null;
  #picture: ImageBitmap | undefined;
  #losses = 0;

  constructor(
    private canvas: HTMLCanvasElement,
    private choice: EngineChoice,
    private readonly events: StageKeeperEvents,
    private readonly create: typeof createStage = createStage,
  ) {
    void this.#open();
  }

  get now(): Stage | undefined {
    return this.#stage;
  }

  /** Nothing is shown while there is no stage. */
  show(tracked: TrackedFrame): void {
    this.#stage?.showFrame(tracked);
  }

  setModel(model: FaceModel): void {
    this.#model = model;
    this.#stage?.setModel(model);
  }

  set(options: Partial<StageOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#stage?.setOptions(options);
  }

  /** As Stage's, and kept for a rebuilt one; what is set while there is no stage comes with it. */
  async setAvatar(source: AvatarSource | null): Promise<string | null> {
    const before = this.#avatar;
    this.#avatar = source;
    try {
      return (await this.#stage?.setAvatar(source)) ?? null;
    } catch (error) {
      if (this.#avatar === source) this.#avatar = before;
      throw error;
    }
  }

  /** The keeper owns it from now on. */
  setPicture(picture: ImageBitmap): void {
    this.#picture?.close();
    this.#picture = picture;
    this.#stage?.setBackdropPicture(picture);
  }

  setFilters(filters: readonly Filter[]): void {
    this.#filters = filters;
    this.#stage?.setFilters(filters);
  }

  async #open(): Promise<void> {
    try {
      const stage = await this.create(this.canvas, { engine: this.choice, filters: this.events.filters });
      this.#stage = stage;
      stage.setOptions(this.#options);
      if (this.#model) stage.setModel(this.#model);
      stage.setFilters(this.#filters);
      if (this.#picture) stage.setBackdropPicture(this.#picture);
      if (this.#avatar) stage.setAvatar(this.#avatar).catch((error) => this.events.onError(error));
      this.events.onEngine(stage.engine);
      const opened = performance.now();
      void stage.lost.then((reason) => this.#rebuild(reason, performance.now() - opened));
    } catch (error) {
      if (this.choice === 'auto') this.#openAnew('webgl');
      else this.events.onError(error);
    }
  }

  #rebuild(reason: string, lasted: number): void {
    this.#stage?.dispose();
    this.#stage = undefined;
    this.#losses = lasted > SOUND ? 1 : this.#losses + 1;
    if (this.#losses > MOST_LOSSES) {
      this.events.onError(new StageLostError(reason));
      return;
    }
    this.events.onLost(reason);
    this.#openAnew(this.choice === 'auto' && this.#losses === MOST_LOSSES ? 'webgl' : this.choice);
  }

  /** A canvas keeps to the kind of engine it had first. */
  #openAnew(choice: EngineChoice): void {
    this.choice = choice;
    const fresh = this.canvas.cloneNode() as HTMLCanvasElement;
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    void this.#open();
  }
}
