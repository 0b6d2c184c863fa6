import type { FaceModel } from '../../src/face/face-model';
import { type CoverFigures, coverFigures } from './covers';
import {
  blinkRecall,
  idsLost,
  motionFigures,
  type RecordingRun,
  restFigures,
  runPoints,
  sampleJitter,
} from './figures';
import { landmarksOf, peekaboo, plainOneEuro, type Run, twoSided, unfiltered } from './filters';
import { type Gate, gatesOf } from './gates';
import { mean, pairs, pointsOf, rms } from './measures';
import type { Recording } from './recording';
import type { Row } from './row';
import { type Tuning, tunePlain } from './tune';

export interface Report {
  readonly rows: readonly Row[];
  readonly idsLost: number;
  readonly gates: readonly Gate[];
  readonly seeds: readonly number[];
  readonly frames: number;
}

/** Runs the filters over recordings of one or more seeds and measures. Throws where a clip is missing. */
export function reportOf(model: FaceModel, recordings: readonly Recording[]): Report {
  const seeds = [...new Set(recordings.filter(({ seed }) => seed > 0).map(({ seed }) => seed))];
  const sets = seeds.map((seed) =>
    runsOfSeed(
      model,
      recordings.filter((one) => one.seed === seed || one.seed === 0),
    ),
  );
  const names = [...new Set(sets.flatMap((set) => set.runs.map(({ name }) => name)))];
  const rows = names.map((name) => averageRow(sets.map((set) => rowOf(set, name))));
  const lost = sets.reduce((sum, { recordings: own }) => sum + idsLost(own.get('crossing')), 0);
  const frames = recordings.reduce((sum, recording) => sum + recording.frames.length, 0);
  return { rows, idsLost: lost, gates: gatesOf(rows, lost), seeds, frames };
}

/** The runs of one seed by clip. The rival has points only: `clips` is null. */
export interface SeedRuns {
  readonly recordings: ReadonlyMap<string, Recording>;
  readonly runs: readonly { readonly name: string; readonly clips: ReadonlyMap<string, Run> | null }[];
}

function runsOfSeed(model: FaceModel, recordings: readonly Recording[]): SeedRuns {
  const landmarks = landmarksOf(model);
  const tunings = new Map(
    recordings.map((recording): [string, Tuning] => {
      const raw = unfiltered(recording, landmarks);
      return [recording.clip, { recording, raw, own: peekaboo(recording, raw, landmarks) }];
    }),
  );
  const need = (clip: string): Tuning => {
    const found = tunings.get(clip);
    if (!found) throw new Error(`the clip ${clip} was not recorded`);
    return found;
  };
  const rates = tunePlain(need('still'), need('nod'), need('speech'));
  const clips = (run: (tuning: Tuning) => Run) => new Map([...tunings].map(([name, tuning]) => [name, run(tuning)]));
  const hasRival = recordings.some(({ frames }) => frames.some(({ rival }) => rival !== null));
  return {
    recordings: new Map(recordings.map((recording) => [recording.clip, recording])),
    runs: [
      { name: 'unfiltered', clips: clips(({ raw }) => raw) },
      { name: 'One Euro', clips: clips(({ recording, raw }) => plainOneEuro(recording, raw, landmarks, rates)) },
      { name: 'Peekaboo', clips: clips(({ own }) => own) },
      { name: 'whole file', clips: clips(({ recording, raw }) => twoSided(recording, raw, landmarks)) },
      ...(hasRival ? [{ name: 'MediaPipe', clips: null }] : []),
    ],
  };
}

function rowOf({ recordings, runs }: SeedRuns, name: string): Row {
  const clips = runs.find((run) => run.name === name)?.clips ?? null;
  const raw = runs[0]?.clips ?? null;
  const at = (clip: string) => {
    const recording = recordings.get(clip);
    if (!recording) throw new Error(`the clip ${clip} was not recorded`);
    return { recording, run: clips?.get(clip) ?? null, raw: raw?.get(clip) ?? null };
  };
  const covers = Object.fromEntries(
    [...recordings.keys()].filter((clip) => clip.startsWith('hand-')).map((clip) => [clip, cover(at(clip))]),
  );
  const speech = at('speech');
  const blinks = at('blinks');
  return {
    name,
    rest: restFigures(at('still')),
    nod: motionFigures(at('nod'), 'nod'),
    turn: motionFigures(at('turn'), 'turn'),
    expressionLag: speech.run && motionFigures(speech, 'speech').lag,
    blinks: blinks.run && blinkRecall(blinks),
    covers,
    drift: rms(Object.values(covers).map(({ points }) => points)),
    recovered: Math.max(...Object.values(covers).map(({ recovered }) => recovered)),
    sample: recordings.has('sample') ? sampleJitter(at('sample')) : null,
  };
}

function cover(measured: RecordingRun): CoverFigures {
  const { recording, run, raw } = measured;
  const truth = recording.frames.flatMap((frame) => frame.truth.slice(0, 1));
  const times = recording.frames.map(({ time }) => time);
  const seen = run && raw && run !== raw ? raw.frames.map((faces) => pointsOf(faces[0])) : null;
  return coverFigures(times, truth, runPoints(measured), run && pairs(recording, run.frames), seen);
}

/** Means of figures of the same shape, number by number. */
function averageRow(rows: readonly Row[]): Row {
  return averaged(rows) as Row;
}

function averaged(values: readonly unknown[]): unknown {
  const [first] = values;
  if (typeof first === 'number') return mean(values as number[]);
  if (typeof first !== 'object' || first === null) return first;
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, averaged(values.map((value) => (value as Record<string, unknown>)[key]))]),
  );
}
