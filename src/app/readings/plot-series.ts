import { at } from '../../face/at';
import { expressionIndex } from '../../face/expression';
import { toMatrix } from '../../face/rotation';
import { EXPRESSION_NAMES, type ExpressionName, type RawFace, type Seconds } from '../../face/types';

/**
 * The quantities that can be plotted: angles of the head in degrees, its position in millimetres, expressions 0 to 1.
 */
export const QUANTITIES = ['yaw', 'pitch', 'roll', 'tx', 'ty', 'tz', ...EXPRESSION_NAMES] as const;
export type Quantity = (typeof QUANTITIES)[number];

export const UNITS: Readonly<Partial<Record<Quantity, string>>> = {
  yaw: '°',
  pitch: '°',
  roll: '°',
  tx: ' mm',
  ty: ' mm',
  tz: ' mm',
};

const DEGREES = 180 / Math.PI;

/** What quantities are read from: a face, before or after smoothing. */
type Quantified = Pick<RawFace, 'pose' | 'expressionValues'>;

/**
 * The value of a quantity. Yaw is positive to the subject's left, pitch up, roll towards the subject's right shoulder.
 */
export function quantityOf({ pose, expressionValues }: Quantified, quantity: Quantity): number {
  const [x, y, z] = pose.translation;
  switch (quantity) {
    case 'tx':
      return x;
    case 'ty':
      return y;
    case 'tz':
      return z;
    case 'yaw':
    case 'pitch':
    case 'roll':
      return DEGREES * angles(pose)[quantity];
    default:
      return at(expressionValues, expressionIndex(quantity satisfies ExpressionName));
  }
}

function angles({ rotation }: RawFace['pose']): Record<'yaw' | 'pitch' | 'roll', number> {
  const [, , m02, m10, m11, m12, , , m22] = toMatrix(rotation);
  return {
    yaw: Math.atan2(m02, m22),
    pitch: Math.asin(Math.max(-1, Math.min(1, m12))),
    roll: Math.atan2(m10, m11),
  };
}

/** The latest values of a quantity before and after smoothing, as columns for uPlot. Null is a gap. */
export class PlotSeries {
  #times: Seconds[] = [];
  #raw: (number | null)[] = [];
  #smooth: (number | null)[] = [];

  /** `span`: seconds that are kept. */
  constructor(private readonly span = 6) {}

  /** Adds values at a time; undefined is a gap. A time that is not later than the last one clears the series first. */
  add(time: Seconds, raw: number | undefined, smooth: number | undefined): void {
    if (time <= (this.#times.at(-1) ?? Number.NEGATIVE_INFINITY)) this.clear();
    this.#times.push(time);
    this.#raw.push(raw ?? null);
    this.#smooth.push(smooth ?? null);
    const old = this.#times.findIndex((at) => at >= time - this.span);
    for (const column of [this.#times, this.#raw, this.#smooth]) column.splice(0, old);
  }

  clear(): void {
    for (const column of [this.#times, this.#raw, this.#smooth]) column.length = 0;
  }

  /** Times relative to the newest, values before smoothing, values after. */
  columns(): [number[], (number | null)[], (number | null)[]] {
    const newest = Math.max(...this.#times);
    return [this.#times.map((time) => time - newest), [...this.#raw], [...this.#smooth]];
  }
}
