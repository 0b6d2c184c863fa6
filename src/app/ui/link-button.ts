import { linkTo } from '../settings/link';
import type { SettingsStore } from '../settings/settings-store';
import { make } from './elements';

/** Copies an address that opens the page with these settings; where the browser refuses, shows it to be copied by hand. */
export function linkButton(parent: HTMLElement, store: SettingsStore): void {
  const button = make('button', 'button plain small', 'Copy link to these settings');
  const said = make('p', 'quiet link');
  button.type = 'button';
  said.role = 'status';
  said.hidden = true;
  button.addEventListener('click', async () => {
    const link = linkTo(store.now, location.href);
    const copied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    said.textContent = copied ? 'Copied.' : link;
    said.hidden = false;
  });
  parent.append(make('div', 'row', button), said);
}
