import { linkTo } from '../settings/link';
import type { SettingsStore } from '../settings/settings-store';
import { make } from './elements';

/**
 * A button that copies a link to the page with these settings. Where the browser refuses, the link is shown instead.
 */
export function linkButton(parent: HTMLElement, store: SettingsStore): void {
  const button = make('button', 'button plain small', 'Copy link to these settings');
  const status = make('p', 'quiet link');
  button.type = 'button';
  status.role = 'status';
  status.hidden = true;
  button.addEventListener('click', async () => {
    const link = linkTo(store.now, location.href);
    const copied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    status.textContent = copied ? 'Link copied.' : link;
    status.hidden = false;
  });
  parent.append(make('div', 'row', button), status);
}
