import { REGIONS } from '../../face/types';

/** Values of a recording over time, 0 to 1; null where no face was listed. All have the same length. */
export interface RecordingCurves {
  readonly jaw: readonly (number | null)[];
  readonly blink: readonly (number | null)[];
  /** Mean over the regions. */
  readonly visibility: readonly (number | null)[];
}

/** Most points of a curve. */
const POINTS = 160;

interface CurveFace {
  readonly coefficients: { readonly expression: Readonly<Record<string, number>> };
  readonly visibility: Readonly<Record<string, number>>;
}

/** Reads every n-th line of a recording with `frames` frames, for its curves. The largest face counts. */
export async function readCurves(lines: AsyncIterable<string>, frames: number): Promise<RecordingCurves> {
  const step = Math.max(1, Math.ceil(frames / POINTS));
  const curves = { jaw: [], blink: [], visibility: [] } as Record<keyof RecordingCurves, (number | null)[]>;
  let position = 0;
  for await (const line of lines) {
    if (position++ % step !== 0) continue;
    const [face] = (JSON.parse(line) as { readonly faces: readonly CurveFace[] }).faces;
    const expression = face?.coefficients.expression;
    const of = (name: string) => expression?.[name] ?? 0;
    curves.jaw.push(face ? of('jawOpen') : null);
    curves.blink.push(face ? Math.max(of('eyeBlinkLeft'), of('eyeBlinkRight')) : null);
    const seen = REGIONS.map((region) => face?.visibility[region] ?? 0);
    curves.visibility.push(face ? seen.reduce((sum, value) => sum + value, 0) / seen.length : null);
  }
  return curves;
}

/** The path of a curve in a box of width × height, for the attribute `d` of an SVG path. Gaps stay empty. */
export function curvePath(values: readonly (number | null)[], width: number, height: number): string {
  const step = width / Math.max(1, values.length - 1);
  let isOpen = false;
  return values
    .map((value, i) => {
      const command = isOpen ? 'L' : 'M';
      isOpen = value !== null;
      if (value === null) return '';
      return `${command}${(i * step).toFixed(1)} ${((1 - Math.min(1, Math.max(0, value))) * height).toFixed(1)}`;
    })
    .join('');
}
