import type { Row } from './row';

/** A figure with its upper limit (`most`) or lower limit (`least`). */
export interface Gate {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly ok: boolean;
}

const most = (name: string, value: number, limit: number): Gate => ({ name, value, limit, ok: value <= limit });
const least = (name: string, value: number, limit: number): Gate => ({ name, value, limit, ok: value >= limit });

/** Mean lag of nod and turn, at least 1 ms each: the measurement's resolution. */
const lagOf = ({ nod, turn }: Row) => (Math.max(1, nod.lag ?? 0) + Math.max(1, turn.lag ?? 0)) / 2;

/** The project's limits. Those relative to the rival are left out if it did not run. */
export function gatesOf(rows: readonly Row[], idsLost: number): Gate[] {
  const row = (name: string) => rows.find((one) => one.name === name);
  const [raw, plain, own, rival] = [row('unfiltered'), row('One Euro'), row('Peekaboo'), row('MediaPipe')];
  if (!raw || !plain || !own) return [];
  const share = (a: number | null, b: number | null) => (a ?? 0) / (b || 1);
  return [
    most('jitter at rest in mm, over unfiltered', share(own.rest.place, raw.rest.place), 0.25),
    most('jitter at rest in degrees, over unfiltered', share(own.rest.turn, raw.rest.turn), 0.25),
    most('jitter at rest (NMJ), over unfiltered', share(own.rest.nmj, raw.rest.nmj), 0.25),
    ...(rival ? [most("jitter at rest (NMJ), MediaPipe's is the limit", own.rest.nmj, rival.rest.nmj)] : []),
    most('lag over that of One Euro at equal jitter', lagOf(own) / lagOf(plain), 0.7),
    most('lag of the pose on the nod, ms', own.nod.lag ?? 0, 10),
    most("off the face on the nod, % of the eyes' distance", own.nod.off ?? 0, 1),
    most('lag of expressions, ms', own.expressionLag ?? 0, 40),
    most('drift while covered, over One Euro', own.drift / plain.drift, 0.5),
    least('blinks recalled', own.blinks ?? 0, 0.95),
    most('ids lost in the crossing', idsLost, 0),
    most('recovered after the hand leaves, ms', own.recovered, 100),
  ];
}
