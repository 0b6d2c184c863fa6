import { defineFilter, fur } from '../render/filter-api';

/** Hair length in mm: short at the sideburns, longest at the chin, 0 outside the beard. */
function length(u: number, v: number): number {
  const x = Math.abs(u - 0.5);
  if (v > 0.74 || v < 0.13 || x > 0.38 || (v > 0.53 && x < 0.26)) return 0;
  const chin = Math.exp(-((x / 0.16) ** 2) - ((v - 0.25) / 0.11) ** 2);
  const side = Math.min(Math.max((0.74 - v) / 0.4, 0.15), 1);
  const moustache = Math.exp(-((x / 0.1) ** 2) - ((v - 0.475) / 0.03) ** 2);
  return 10 * side + 15 * chin - 3 * moustache;
}

/** A full beard of hair that grows on the fitted skin: it moves with the jaw and the lips. */
export const beard = defineFilter({
  name: 'beard',
  title: 'Beard',
  assets: { growth: 'filters/beard-growth.png', strands: 'filters/strands.png' },
  setup: (context) => fur(context, { ...context.assets, tiles: 7, colour: [0.06, 0.026, 0.012], shells: 20, length }),
  frame: (hair, face) => hair.show(face),
});
