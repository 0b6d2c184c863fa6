import type { Script } from '../truth/clip';
import { blinks, crossing, fastTurn, handOver, nod, speech, still } from '../truth/scripts';

/** The clips of npm run bench:time by name; those of hands by what they cover and for how long. */
export const CLIPS: Readonly<Record<string, (seed: number) => Script>> = {
  still: () => still(),
  nod: () => nod(),
  turn: () => fastTurn(),
  speech: (seed) => speech(5, seed),
  blinks: () => blinks(),
  'hand-mouth-0.2': () => handOver('mouth', 0.2),
  'hand-cheek-0.5': () => handOver('cheek', 0.5, 5),
  'hand-mouth-1': () => handOver('mouth', 1, 5),
  'hand-eyes-1': () => handOver('eyes', 1),
  'hand-face-0.5': () => handOver('face', 0.5),
  'hand-mouth-3': () => handOver('mouth', 3),
  crossing: () => crossing(),
};
