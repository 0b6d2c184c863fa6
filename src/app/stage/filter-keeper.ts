import { filter, map, merge, Subject, switchMap } from 'rxjs';
import { loadFilter, onFilterSaved } from '../../filters/index';
import type { Filter, FilterEvents, FilterNotice } from '../../render/filter/host';
import type { PageState } from '../session/page-state';
import type { NoticeReports } from '../session/reports';
import type { SettingsStore } from '../settings/settings-store';
import { messageOf } from './message-of';
import type { StageKeeper } from './stage-keeper';

export interface FilterKeeperDependencies {
  readonly store: SettingsStore;
  readonly notices: Pick<NoticeReports, 'warn' | 'clearWarning' | 'showProgress'>;
  readonly state: Pick<PageState, 'filters'>;
}

/** Loads filters and reports saved ones. Tests pass a double. */
export interface FilterSource {
  readonly load: typeof loadFilter;
  readonly onSaved: typeof onFilterSaved;
}

const PHASES: Readonly<Record<Exclude<FilterNotice['phase'], 'report'>, string>> = {
  assets: 'while loading its assets',
  setup: 'in setup',
  frame: 'in frame',
  drawing: 'while it was being drawn',
  dispose: 'in dispose',
};

/** Loads the filters that the settings name, reloads them when their files are saved, and shows their messages. */
export class FilterKeeper implements FilterEvents {
  readonly #saved$ = new Subject<string>();
  /** The newest version that loaded, by filter name. */
  readonly #loaded = new Map<string, Filter>();
  /** Names of filters saved since they were loaded. */
  readonly #stale = new Set<string>();
  /** Names of filters that have had a warning. */
  readonly #warned = new Set<string>();

  constructor(
    private readonly dependencies: FilterKeeperDependencies,
    private readonly source: FilterSource = { load: loadFilter, onSaved: onFilterSaved },
  ) {
    source.onSaved((name) => {
      this.#stale.add(name);
      this.#saved$.next(name);
    });
  }

  /** Keeps the stage's filters equal to the settings from now on. */
  connect(stage: Pick<StageKeeper, 'setFilters'>): void {
    const { store } = this.dependencies;
    const chosen$ = store.pick$('filter').pipe(map((settings) => settings.filter));
    const saved$ = this.#saved$.pipe(
      filter((name) => store.now.filter.includes(name)),
      map(() => store.now.filter),
    );
    chosen$.subscribe((names) => this.#clearOthers(names));
    merge(chosen$, saved$)
      .pipe(switchMap((names) => Promise.all(names.map((name) => this.#load(name)))))
      .subscribe((filters) => stage.setFilters(filters.filter((found) => found !== undefined)));
  }

  onNotice({ filter: name, title, phase, message, place }: FilterNotice): void {
    const where = place ? ` (${place.file}:${place.line})` : '';
    this.#warn(
      name,
      phase === 'report' ? `${title}: ${message}` : `${title} stopped ${PHASES[phase]}: ${message}${where}`,
    );
  }

  onProgress(progress: Parameters<FilterEvents['onProgress']>[0]): void {
    this.dependencies.notices.showProgress(
      progress && { stage: progress.title, loaded: progress.loaded, total: progress.total },
    );
  }

  onRunning(names: readonly string[]): void {
    this.dependencies.state.filters(names);
  }

  /** Loads a filter if it is new or was saved. Where that fails, the previous version stays, if there is one. */
  async #load(name: string): Promise<Filter | undefined> {
    const known = this.#loaded.get(name);
    if (known && !this.#stale.has(name)) return known;
    this.#stale.delete(name);
    try {
      const fresh = await this.source.load(name);
      this.#loaded.set(name, fresh);
      this.dependencies.notices.clearWarning(`filter ${name}`);
      return fresh;
    } catch (error) {
      this.#warn(name, messageOf(error));
      return known;
    }
  }

  /** Removes the warnings about filters that are off. */
  #clearOthers(names: readonly string[]): void {
    for (const name of this.#warned) {
      if (names.includes(name)) continue;
      this.dependencies.notices.clearWarning(`filter ${name}`);
      this.#warned.delete(name);
    }
  }

  #warn(name: string, text: string): void {
    this.#warned.add(name);
    this.dependencies.notices.warn(text, `filter ${name}`);
  }
}
