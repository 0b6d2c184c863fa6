import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { SettingName, Settings } from './settings';

/** The settings now, and as they change. */
export class SettingsStore {
  readonly #settings$: BehaviorSubject<Settings>;
  readonly all$: Observable<Settings>;

  constructor(start: Settings) {
    this.#settings$ = new BehaviorSubject(start);
    this.all$ = this.#settings$.asObservable();
  }

  get now(): Settings {
    return this.#settings$.value;
  }

  set(change: Partial<Settings>): void {
    this.#settings$.next({ ...this.now, ...change });
  }

  /** Only these settings, when one of them has changed; and once at the start. */
  pick$<N extends SettingName>(...names: N[]): Observable<Pick<Settings, N>> {
    return this.all$.pipe(
      distinctUntilChanged((before, after) => names.every((name) => before[name] === after[name])),
      map((settings) => Object.fromEntries(names.map((name) => [name, settings[name]])) as Pick<Settings, N>),
    );
  }
}
