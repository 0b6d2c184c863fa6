import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import { cacheName } from '../../service-worker/store';

/** off: not supported here, or deleted; storing: the first version is being stored; ready: it works without a network. */
export type OfflineState = 'off' | 'storing' | 'ready' | 'failed';

/** Milliseconds between two checks for a new version while the page is open. */
const CHECK_INTERVAL = 3_600_000;

export interface OfflineParts {
  /** Undefined where the browser has no service workers, as on an insecure address. */
  readonly container: ServiceWorkerContainer | undefined;
  /** The folder of the site, with a slash at the end. */
  readonly base: string;
  readonly reload: () => void;
}

/** Registers the service worker, follows its versions, and removes it. */
export class Offline {
  readonly #state$ = new BehaviorSubject<OfflineState>('off');
  readonly state$: Observable<OfflineState> = this.#state$;
  readonly #update$ = new Subject<void>();
  /** A new version is stored completely; `useUpdate` activates it. */
  readonly update$: Observable<void> = this.#update$;
  readonly #parts: OfflineParts;
  #registration: ServiceWorkerRegistration | undefined;
  #checked = 0;

  constructor(parts: OfflineParts = browserParts()) {
    this.#parts = parts;
  }

  /** Stores the current version, or follows the one that is stored. Never rejects. */
  async start(): Promise<void> {
    const { container, base } = this.#parts;
    if (!container) return;
    try {
      const registration = await container.register(`${base}sw.js`, { updateViaCache: 'none' });
      this.#registration = registration;
      this.#follow(registration);
      // Another tab has activated a new version.
      if (container.controller) container.addEventListener('controllerchange', () => this.#update$.next());
    } catch {
      this.#state$.next('failed');
    }
  }

  /** Looks for a new version, once per hour at most. */
  check(now: number): void {
    if (!this.#registration || now - this.#checked < CHECK_INTERVAL) return;
    this.#checked = now;
    // Without a network, the stored version is used.
    this.#registration.update().catch(() => undefined);
  }

  /** Activates the version that waits, and reloads the page with it. */
  useUpdate(): void {
    const waiting = this.#registration?.waiting;
    if (!waiting) {
      this.#parts.reload();
      return;
    }
    waiting.addEventListener('statechange', () => waiting.state === 'activated' && this.#parts.reload());
    waiting.postMessage('activate');
  }

  /** Removes the service worker and the files that it has stored. The next visit stores them again. */
  async deleteAll(): Promise<void> {
    const { container, base } = this.#parts;
    this.#registration = undefined;
    this.#state$.next('off');
    await (await container?.getRegistration(base))?.unregister();
    await globalThis.caches?.delete(cacheName(base));
  }

  #follow(registration: ServiceWorkerRegistration): void {
    if (registration.active) this.#state$.next('ready');
    if (registration.waiting && registration.active) this.#update$.next();
    const followInstalling = () => {
      const { installing } = registration;
      if (!installing) return;
      if (!registration.active) this.#state$.next('storing');
      installing.addEventListener('statechange', () => this.#onState(installing.state, registration));
    };
    registration.addEventListener('updatefound', followInstalling);
    followInstalling();
  }

  #onState(state: ServiceWorkerState, { active }: ServiceWorkerRegistration): void {
    if (this.#registration === undefined) return;
    if (state === 'installed' && active) this.#update$.next();
    if (state === 'activated') this.#state$.next('ready');
    if (state === 'redundant' && !active) this.#state$.next('failed');
  }
}

function browserParts(): OfflineParts {
  return {
    // Undefined on insecure addresses, contrary to its type.
    container: navigator.serviceWorker as ServiceWorkerContainer | undefined,
    base: new URL('./', document.baseURI).href,
    reload: () => location.reload(),
  };
}
