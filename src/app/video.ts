import type { PageContext } from './choices';
import { Player } from './session/player';
import type { Session } from './session/session';
import type { TrackerKeeper } from './session/tracker-keeper';
import type { StageKeeper } from './stage/stage-keeper';
import { WholeClip } from './stage/whole-clip';
import { bindAddress } from './ui/player/player-address';
import { PlayerBar } from './ui/player/player-bar';
import { section } from './ui/sections';
import { WholeClipPanel } from './ui/whole-clip-panel';

/** The player with its controls. */
export function createPlayer({ store, state, paused$ }: PageContext, { source$, tracked$ }: Session): Player {
  const player = new Player({ store, source$, tracked$, paused$ });
  new PlayerBar(player, store);
  bindAddress(player, store);
  tracked$.subscribe(({ frame }) => state.clipTime(player.clipTime(frame.time)));
  return player;
}

export interface VideoObjects {
  readonly player: Player;
  readonly stage: StageKeeper;
  readonly tracker: TrackerKeeper;
}

/** Tracking and rendering of whole videos, with their controls. */
export function createWholeClip(context: PageContext, { player, stage, tracker }: VideoObjects): WholeClip {
  const whole = new WholeClip({ ...context, player, tracker$: tracker.tracker$, content: () => stage.content });
  new WholeClipPanel(section('clip'), player, whole);
  return whole;
}
