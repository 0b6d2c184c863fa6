import type { TrackedFrame } from '../../face/types';
import type { EngineKind } from '../../render/engine/open-engine';

/** What the document element's data says of the page, for tests and whoever drives it: provider, engine, frames… */
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

  /** Waits for the person to choose. */
  idle(): void {
    this.data.state = 'idle';
  }

  /** An error stays to be seen until the next source starts. */
  tracked({ faces, provider }: Pick<TrackedFrame, 'faces' | 'provider'>, paused: boolean): void {
    this.#frames++;
    this.data.frames = String(this.#frames);
    this.data.faces = String(faces.length);
    this.data.provider = provider;
    if (this.data.state !== 'error') this.data.state = paused ? 'paused' : 'running';
  }

  paused(): void {
    if (this.data.state === 'running') this.data.state = 'paused';
  }

  /** The avatar that is there; empty while one loads, or where none is wanted. */
  avatar(name: string): void {
    this.data.avatar = name;
  }

  engine(engine: EngineKind): void {
    this.data.engine = engine;
  }

  /** Names of the filters that are on and have not broken. */
  filters(names: readonly string[]): void {
    this.data.filters = names.join(',');
  }

  /** `code` as ErrorText has it. */
  failed(code: string): void {
    this.data.error = code;
    this.data.state = 'error';
  }

  /** The error was seen. */
  errorSeen(): void {
    this.data.error = '';
  }
}
