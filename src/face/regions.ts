import type { Region } from './types';

/** A value for each region; `index` is the region's index in REGIONS. The literal keeps one object shape for all records. */
export function mapRegions(value: (region: Region, index: number) => number): Record<Region, number> {
  return {
    eyeLeft: value('eyeLeft', 0),
    eyeRight: value('eyeRight', 1),
    browLeft: value('browLeft', 2),
    browRight: value('browRight', 3),
    nose: value('nose', 4),
    mouth: value('mouth', 5),
    jaw: value('jaw', 6),
    cheekLeft: value('cheekLeft', 7),
    cheekRight: value('cheekRight', 8),
    forehead: value('forehead', 9),
  };
}
