import { fromEvent, type Observable } from 'rxjs';
import type { OfflineState } from '../session/offline';
import { make } from './elements';

export interface StoragePanelDependencies {
  readonly offline$: Observable<OfflineState>;
  /** Deletes everything that the page has stored; rejects where the browser refuses. */
  readonly deleteAll: () => Promise<void>;
}

const OFFLINE_TEXTS: Readonly<Record<OfflineState, string>> = {
  off: 'Without a network: not available. The page is not stored.',
  storing: 'Without a network: not available yet. The page is being stored.',
  ready: 'Without a network: available. The page is stored.',
  failed: 'Without a network: not available. The page could not be stored completely.',
};

/** What the page has stored, a button that deletes it, and one that installs the page where the browser offers that. */
export function storagePanel(parent: HTMLElement, { offline$, deleteAll }: StoragePanelDependencies): void {
  const content =
    'This browser stores the page itself, its settings, your resting face and your recordings, nothing else.';
  const offline = make('p', 'quiet');
  const used = make('p', 'quiet');
  const button = make('button', 'button plain small', 'Delete stored data');
  const status = make('p', 'quiet');
  button.type = 'button';
  status.role = 'status';
  const showUsed = async () => {
    used.textContent = await usedText();
  };
  offline$.subscribe((state) => {
    offline.textContent = OFFLINE_TEXTS[state];
    void showUsed();
  });
  fromEvent(parent.closest('details') ?? parent, 'toggle').subscribe(() => void showUsed());
  button.addEventListener('click', async () => {
    status.textContent = await deleteAll().then(
      () =>
        'Everything that was stored is deleted. The next change of a setting is stored again, and the next visit stores the page.',
      () => 'The browser did not delete the data. Delete the data of this site in the settings of the browser.',
    );
    await showUsed();
  });
  parent.append(make('p', 'quiet', content), offline, used, make('div', 'row', button, installButton()), status);
}

/** Megabytes that this site uses; empty where the browser does not tell. */
async function usedText(): Promise<string> {
  const { usage } = await Promise.resolve(navigator.storage?.estimate()).then(
    (estimate) => estimate ?? {},
    () => ({ usage: undefined }),
  );
  return usage === undefined ? '' : `Used: ${(usage / 1e6).toFixed(1)} MB.`;
}

/** The event with which a browser offers to install the page. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

function installButton(): HTMLButtonElement {
  const button = make('button', 'button plain small', 'Install as an app');
  button.type = 'button';
  button.hidden = true;
  let offer: InstallOffer | undefined;
  fromEvent<InstallOffer>(window, 'beforeinstallprompt').subscribe((event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  button.addEventListener('click', () => {
    button.hidden = true;
    void offer?.prompt();
  });
  return button;
}
