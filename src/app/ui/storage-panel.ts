import { make } from './elements';

/** A button that deletes what the page has stored. `deleteAll` rejects where the browser refuses. */
export function storagePanel(parent: HTMLElement, deleteAll: () => Promise<void>): void {
  const text = make(
    'p',
    'quiet',
    'This browser stores the settings of this page, your resting face and your recordings, nothing else.',
  );
  const button = make('button', 'button plain small', 'Delete stored data');
  const status = make('p', 'quiet');
  button.type = 'button';
  status.role = 'status';
  button.addEventListener('click', async () => {
    status.textContent = await deleteAll().then(
      () => 'Everything that was stored is deleted. The next change of a setting is stored again.',
      () => 'The browser did not delete the data. Delete the data of this site in the settings of the browser.',
    );
  });
  parent.append(text, make('div', 'row', button), status);
}
