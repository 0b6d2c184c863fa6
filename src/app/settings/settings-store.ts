import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { SettingName, Settings } from './settings';

/** Holds the settings and emits their changes. */
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

  /** Emits these settings on subscription and whenever one of them changes. */
  pick$<N extends SettingName>(...names: N[]): Observable<Pick<Settings, N>> {
    return this.all$.pipe(
      distinctUntilChanged((before, after) => names.every((name) => before[name] === after[name])),
      map((settings) => Object.fromEntries(names.map((name) => [name, settings[name]])) as Pick<Settings, N>),
    );
  }
}
