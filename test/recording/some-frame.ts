import { readFileSync } from 'node:fs';
import { type HeaderFacts, newHeader, type RecordingHeader } from '../../src/recording/recording-header';

const LINES = readFileSync(new URL('../golden/frames.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

/** Lines of the headless tracker. */
export const goldenLines: readonly string[] = LINES;

/** The first golden line with a face, at another time. */
export function lineAt(time: number, index = Math.round(time * 30)): string {
  const line = LINES.map((text): { faces: unknown[] } => JSON.parse(text)).find(({ faces }) => faces.length > 0);
  return JSON.stringify({ ...line, time, index });
}

export function someHeader(facts: Partial<HeaderFacts> = {}): RecordingHeader {
  const source = { kind: 'sample', name: 'Sample clip' } as const;
  return newHeader({ name: 'Test', source, bundle: 'peekaboo', width: 960, height: 541, ...facts });
}
