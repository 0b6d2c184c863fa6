import type { Seconds, TrackedFrame } from '../../face/types';
import type { EngineKind } from '../../render/engine/open-engine';

/** Publishes the page's state in the data attributes of the document element, for tests and automation (spec A9). */
export class PageState {
  #frames = 0;

  constructor(private readonly data: DOMStringMap = document.documentElement.dataset) {
    Object.assign(data, {
      state: 'loading',
      frames: '0',
      faces: '0',
      provider: '',
      engine: '',
      filters: '',
      error: '',
    });
  }

  loading(): void {
    this.data.state = 'loading';
  }

  /** No source is chosen. */
  idle(): void {
    this.data.state = 'idle';
  }

  /** Counts a tracked frame. The state stays `error` until the next source starts. */
  tracked({ faces, provider }: Pick<TrackedFrame, 'faces' | 'provider'>, paused: boolean): void {
    this.#frames++;
    this.data.frames = String(this.#frames);
    this.data.faces = String(faces.length);
    this.data.provider = provider;
    if (this.data.state !== 'error') this.data.state = paused ? 'paused' : 'running';
  }

  /** Time in the video of the frame that is shown, seconds; undefined without a video. */
  clipTime(time: Seconds | undefined): void {
    this.data.clipTime = time === undefined ? '' : time.toFixed(3);
  }

  paused(): void {
    if (this.data.state === 'running') this.data.state = 'paused';
  }

  /** The name of the loaded avatar; empty while one loads and where there is none. */
  avatar(name: string): void {
    this.data.avatar = name;
  }

  engine(engine: EngineKind | '2d'): void {
    this.data.engine = engine;
  }

  /** Names of the filters that are on and have not failed. */
  filters(names: readonly string[]): void {
    this.data.filters = names.join(',');
  }

  /** Whether frames are tracked, or were until the user paused. */
  get isRunning(): boolean {
    return this.data.state === 'running' || this.data.state === 'paused';
  }

  /** `code` as in ErrorText. `goesOn`: the session continues in spite of the error. */
  failed(code: string, goesOn = false): void {
    this.data.error = code;
    if (!goesOn) this.data.state = 'error';
  }

  /** The source has ended, and another one has not started. */
  cleared(): void {
    this.data.faces = '0';
    this.idle();
  }

  /** The user has dismissed the error. */
  errorDismissed(): void {
    this.data.error = '';
  }
}
