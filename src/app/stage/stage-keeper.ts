import { distinctUntilChanged, map, type Observable, Subject, startWith } from 'rxjs';
import type { FaceModel } from '../../face/face-model';
import type { TrackedFrame } from '../../face/types';
import type { AvatarSource } from '../../render/avatar/host';
import { type EngineChoice, EngineError } from '../../render/engine/open-engine';
import type { Filter, FilterEvents } from '../../render/filter/host';
import type { StageContent } from '../../render/offline-stage';
import { createStage } from '../../render/stage';
import type { StageOptions } from '../../render/stage-options';
import { createPlainStage, type PageStage } from './plain-stage';

/** Device losses in a row after which the stage is not rebuilt. */
const MOST_LOSSES = 3;
/** Milliseconds without a loss after which losses are counted from 0 again. */
const STABLE = 60_000;

/** The graphics device was lost too often. The message is the reason of the last loss. */
export class StageLostError extends Error {
  override readonly name = 'StageLostError';
}

export interface StageKeeperEvents {
  onEngine(engine: PageStage['engine']): void;
  /** The browser cannot draw in 3D; landmarks and masks are drawn in 2D. */
  onNo3D(reason: string): void;
  /** The device was lost; the stage is being rebuilt. */
  onLost(reason: string): void;
  onError(error: unknown): void;
  readonly filters: FilterEvents;
}

/**
 * Keeps a stage on the page. A lost stage is rebuilt on a new canvas with the same model, options, filters, avatar and
 * picture. With the engine `auto`, WebGL2 is used if the first engine does not open, and for the last rebuild. Where none
 * opens, a stage without 3D is used.
 */
export class StageKeeper {
  #stage: PageStage | undefined;
  #model: FaceModel | undefined;
  #options: Partial<StageOptions> = {};
  #filters: readonly Filter[] = [];
  #avatar: AvatarSource | null = null;
  /** The last avatar that loaded; the stage shows it while another one loads and if that fails. */
  #loadedAvatar: AvatarSource | null = null;
  #picture: ImageBitmap | undefined;
  #losses = 0;
  readonly #drawn$ = new Subject<TrackedFrame>();
  /** Each frame right after it was drawn for the first time, in the task in which the canvas can be read. */
  readonly drawn$: Observable<TrackedFrame> = this.#drawn$;
  /** Whether what was drawn last needs wide masks, see Stage. */
  readonly surroundsFaces$: Observable<boolean> = this.#drawn$.pipe(
    map(() => this.#stage?.surroundsFaces ?? false),
    startWith(false),
    distinctUntilChanged(),
  );

  constructor(
    private canvas: HTMLCanvasElement,
    private choice: EngineChoice,
    private readonly events: StageKeeperEvents,
    private readonly create: typeof createStage = createStage,
    private readonly createPlain: typeof createPlainStage = createPlainStage,
  ) {
    void this.#open();
  }

  /** The open stage; undefined while one opens and after the last loss. */
  get current(): PageStage | undefined {
    return this.#stage;
  }

  /** What the stage draws on each frame. */
  get content(): Omit<StageContent, 'model' | 'filterEvents'> {
    const picture = this.#picture;
    return {
      options: this.#options,
      filters: this.#filters,
      avatar: this.#loadedAvatar,
      ...(picture ? { backdropPicture: picture } : {}),
    };
  }

  /** Draws the frame if a stage is open. */
  showFrame(tracked: TrackedFrame): void {
    this.#stage?.showFrame(tracked);
  }

  clearFrame(): void {
    this.#stage?.clearFrame();
  }

  setModel(model: FaceModel): void {
    this.#model = model;
    this.#stage?.setModel(model);
  }

  setOptions(options: Partial<StageOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#stage?.setOptions(options);
  }

  /** As Stage.setAvatar. A stage that opens later receives the avatar too. */
  async setAvatar(source: AvatarSource | null): Promise<string | null> {
    this.#avatar = source;
    try {
      const notice = await this.#stage?.setAvatar(source);
      if (this.#avatar === source) this.#loadedAvatar = source;
      return notice ?? null;
    } catch (error) {
      if (this.#avatar === source) this.#avatar = this.#loadedAvatar;
      throw error;
    }
  }

  /** The picture behind the head in the studio. Passes ownership to the keeper. */
  setBackdropPicture(picture: ImageBitmap): void {
    this.#picture?.close();
    this.#picture = picture;
    this.#stage?.setBackdropPicture(picture);
  }

  setFilters(filters: readonly Filter[]): void {
    this.#filters = filters;
    this.#stage?.setFilters(filters);
  }

  async #open(): Promise<void> {
    const events = {
      filters: this.events.filters,
      onDrawn: (tracked: TrackedFrame) => this.#drawn$.next(tracked),
      onError: (error: unknown) => this.events.onError(error),
    };
    try {
      this.#use(await this.create(this.canvas, { engine: this.choice, ...events }));
    } catch (error) {
      if (this.choice === 'auto') this.#openOnNewCanvas('webgl');
      else if (error instanceof EngineError) this.#openPlain(error, events);
      else this.events.onError(error);
    }
  }

  #openPlain(reason: EngineError, events: Parameters<typeof createPlainStage>[1]): void {
    try {
      this.#replaceCanvas();
      this.#use(this.createPlain(this.canvas, events));
      this.events.onNo3D(reason.message);
    } catch {
      this.events.onError(reason);
    }
  }

  #use(stage: PageStage): void {
    this.#stage = stage;
    stage.setOptions(this.#options);
    if (this.#model) stage.setModel(this.#model);
    stage.setFilters(this.#filters);
    if (this.#picture) stage.setBackdropPicture(this.#picture);
    if (this.#avatar) stage.setAvatar(this.#avatar).catch((error) => this.events.onError(error));
    this.events.onEngine(stage.engine);
    const opened = performance.now();
    void stage.lost.then((reason) => this.#rebuild(reason, performance.now() - opened));
  }

  #rebuild(reason: string, lasted: number): void {
    this.#stage?.dispose();
    this.#stage = undefined;
    this.#losses = lasted > STABLE ? 1 : this.#losses + 1;
    if (this.#losses > MOST_LOSSES) {
      this.events.onError(new StageLostError(reason));
      return;
    }
    this.events.onLost(reason);
    this.#openOnNewCanvas(this.choice === 'auto' && this.#losses === MOST_LOSSES ? 'webgl' : this.choice);
  }

  #openOnNewCanvas(choice: EngineChoice): void {
    this.choice = choice;
    this.#replaceCanvas();
    void this.#open();
  }

  /** A canvas supports only the kind of context that it was first used with. */
  #replaceCanvas(): void {
    const fresh = this.canvas.cloneNode() as HTMLCanvasElement;
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
  }
}
