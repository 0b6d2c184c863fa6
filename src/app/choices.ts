import { type BehaviorSubject, catchError, EMPTY, from, map, type Observable, of, Subject, switchMap } from 'rxjs';
import type { Remedy } from './session/error-texts';
import { examineFile } from './session/file-source';
import { launchedFiles } from './session/launched-files';
import type { PageState } from './session/page-state';
import { retry } from './session/retry';
import type { Choice, Session } from './session/session';
import type { TrackerKeeper } from './session/tracker-keeper';
import type { SettingsStore } from './settings/settings-store';
import type { Avatars } from './stage/avatars';
import type { Dock, DockChoice } from './ui/dock';
import { onDrop } from './ui/drop';
import type { Notices, RemedyChoice } from './ui/notices';

/** Shared by all objects of the page. */
export interface PageContext {
  readonly store: SettingsStore;
  readonly state: PageState;
  readonly notices: Notices;
  readonly paused$: BehaviorSubject<boolean>;
  /** Emits when everything that is stored is being deleted. */
  readonly deleted$: Subject<void>;
  /** Shows an error and publishes its code in the page's state. `goesOn`: the session continues in spite of it. */
  readonly reportError: (error: unknown, goesOn?: boolean) => void;
}

/** The objects that act on a choice of the user. */
export interface PageObjects {
  readonly tracker: TrackerKeeper;
  readonly session: Session;
  readonly avatars: Avatars;
  readonly dock: Dock;
}

/** Opens what the user chooses; the latest choice wins. A file that is an avatar leaves the source running. */
export function connectChoices(context: PageContext, objects: PageObjects): void {
  const { dock, session, avatars } = objects;
  const choices$ = new Subject<DockChoice>();
  dock.choice$.subscribe(choices$);
  onDrop((file) => choices$.next({ kind: 'file', file }));
  launchedFiles().subscribe((file) => choices$.next({ kind: 'file', file }));
  choices$.pipe(switchMap((choice) => examined$(context, objects, choice))).subscribe(([choice, file]) => {
    dock.showChoice(session.running?.kind);
    if (choice) startSource(context, objects, choice);
    else if (file) void avatars.openFile(file);
  });
}

/** The choice to start, or the file to open as an avatar. Reports a file that is neither. */
function examined$(
  context: PageContext,
  { session, dock }: PageObjects,
  choice: DockChoice,
): Observable<readonly [Choice | undefined, File?]> {
  dismissError(context);
  if (choice.kind !== 'file') return of([choice]);
  const { file } = choice;
  dock.showChoice(session.running?.kind, 'file');
  return from(examineFile(file)).pipe(
    map((found) =>
      found.kind === 'avatar' ? ([undefined, file] as const) : ([{ kind: 'file', open: found.open }] as const),
    ),
    catchError((error: unknown) => {
      dock.showChoice(session.running?.kind);
      context.reportError(error, session.isTracking);
      return EMPTY;
    }),
  );
}

export function startSource(context: PageContext, { tracker, session, dock }: PageObjects, choice: Choice): void {
  dismissError(context);
  tracker.recover();
  dock.showChoice(session.running?.kind, choice.kind);
  session.choose(choice);
}

/** Removes the messages about the previous choice. */
function dismissError({ notices, state }: PageContext): void {
  notices.clearError();
  notices.clearWarning('source');
  state.errorDismissed();
}

export function applyRemedy(context: PageContext, objects: PageObjects, { remedy, code }: RemedyChoice): void {
  context.state.errorDismissed();
  const remedies: Record<Remedy, () => void> = {
    retry: () => retry(code, { ...context, ...objects }),
    sample: () => startSource(context, objects, { kind: 'sample' }),
    file: () => objects.dock.pickFile(),
    reload: () => location.reload(),
  };
  remedies[remedy]();
}
