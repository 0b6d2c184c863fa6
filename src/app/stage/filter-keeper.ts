import { filter, map, merge, Subject, switchMap } from 'rxjs';
import { loadFilter, onFilterSaved } from '../../filters/index';
import type { Filter, FilterEvents, FilterNotice } from '../../render/filter/host';
import type { PageState } from '../session/page-state';
import type { SettingsStore } from '../settings/settings-store';
import type { Notices } from '../ui/notices';
import type { StageKeeper } from './stage-keeper';

export interface FilterKeeperParts {
  readonly store: SettingsStore;
  readonly notices: Pick<Notices, 'complain' | 'progress'>;
  readonly state: Pick<PageState, 'filters'>;
}

/** How filters come to the page; given as a double in tests. */
export interface FilterSource {
  readonly load: typeof loadFilter;
  readonly onSaved: typeof onFilterSaved;
}

const PHASES: Readonly<Record<Exclude<FilterNotice['phase'], 'report'>, string>> = {
  assets: 'while loading its files',
  setup: 'in setup',
  frame: 'in frame',
  drawing: 'while it was drawn',
  dispose: 'in dispose',
};

/** Loads the filters that the settings name, anew when their files are saved, and says what they have to say. */
export class FilterKeeper implements FilterEvents {
  readonly #saved$ = new Subject<string>();
  /** Newest version that loaded, by name; of what was saved since, the one before. */
  readonly #loaded = new Map<string, Filter>();
  readonly #stale = new Set<string>();
  /** Takes a line about a filter off the page, by its name. */
  readonly #lines = new Map<string, () => void>();

  constructor(
    private readonly parts: FilterKeeperParts,
    private readonly source: FilterSource = { load: loadFilter, onSaved: onFilterSaved },
  ) {
    source.onSaved((name) => {
      this.#stale.add(name);
      this.#saved$.next(name);
    });
  }

  /** Keeps the stage's filters to the settings, for as long as the page lives. */
  drive(stage: Pick<StageKeeper, 'setFilters'>): void {
    const { store } = this.parts;
    const chosen$ = store.pick$('filter').pipe(map((settings) => settings.filter));
    const saved$ = this.#saved$.pipe(
      filter((name) => store.now.filter.includes(name)),
      map(() => store.now.filter),
    );
    merge(chosen$, saved$)
      .pipe(switchMap((names) => Promise.all(names.map((name) => this.#load(name)))))
      .subscribe((filters) => stage.setFilters(filters.filter((found) => found !== undefined)));
  }

  onNotice({ filter: name, title, phase, message, place }: FilterNotice): void {
    const where = place ? ` (${place.file}:${place.line})` : '';
    this.#say(
      name,
      phase === 'report' ? `${title}: ${message}` : `${title} stopped ${PHASES[phase]}: ${message}${where}`,
    );
  }

  onProgress(progress: Parameters<FilterEvents['onProgress']>[0]): void {
    this.parts.notices.progress(progress && { stage: progress.title, loaded: progress.loaded, total: progress.total });
  }

  onRunning(names: readonly string[]): void {
    this.parts.state.filters(names);
  }

  /** A version that does not load leaves the one before it at work. */
  async #load(name: string): Promise<Filter | undefined> {
    const known = this.#loaded.get(name);
    if (known && !this.#stale.has(name)) return known;
    this.#stale.delete(name);
    try {
      const fresh = await this.source.load(name);
      this.#loaded.set(name, fresh);
      this.#lines.get(name)?.();
      return fresh;
    } catch (error) {
      this.#say(name, error instanceof Error ? error.message : String(error));
      return known;
    }
  }

  #say(name: string, text: string): void {
    this.#lines.get(name)?.();
    this.#lines.set(name, this.parts.notices.complain(text));
  }
}
