import { auditTime, merge } from 'rxjs';
import type { Player } from '../../session/player';
import { withPlayer } from '../../settings/player-address';
import type { SettingsStore } from '../../settings/settings-store';

/** Milliseconds between two changes of the address; browsers limit their number. */
const PERIOD = 500;

/** Keeps the state of the player in the page's address, from the first use of the player until the video changes. */
export function bindAddress(player: Player, store: SettingsStore): void {
  let isUsed = false;
  player.used$.subscribe(() => {
    isUsed = true;
  });
  player.clip$.subscribe(() => {
    if (isUsed) history.replaceState(history.state, '', withPlayer(location.href, null));
    isUsed = false;
  });
  merge(player.position$, player.used$)
    .pipe(auditTime(PERIOD))
    .subscribe(() => {
      const { clip } = player;
      if (!isUsed || !clip) return;
      const state = { ...store.now, t: clip.control.position.time };
      history.replaceState(history.state, '', withPlayer(location.href, state));
    });
}
