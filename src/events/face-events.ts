import { defer, endWith, map, mergeMap, type Observable, type OperatorFunction } from 'rxjs';
import type { Face, Frame, Seconds } from '../face/types';
import {
  EVENT_REGIONS,
  type EventRegion,
  lidsClosed,
  type Reading,
  STATE_KINDS,
  STATE_RULES,
  type StateKind,
  seesLids,
} from './event-kinds';
import { createHysteresis, type Hysteresis, type Threshold } from './hysteresis';

export type FaceEventKind = StateKind | 'face-found' | 'face-lost';

export interface FaceEvent {
  readonly kind: FaceEventKind;
  /** Found is a start without an end of its own, lost an end. */
  readonly phase: 'start' | 'end';
  /** When it began or ended, on the capture's clock; it is told once it is sure, a fraction of a second later. */
  readonly time: Seconds;
  readonly region: EventRegion;
  /** How much of the region was visible when it was told, 0 to 1. */
  readonly visibility: number;
  /** The face's. */
  readonly id: number;
}

/** What events are read from; a TrackedFrame is one. */
export interface Look {
  readonly frame: Pick<Frame, 'time' | 'width' | 'height'>;
  readonly faces: readonly Face[];
}

export interface FaceEventOptions {
  /** Thresholds that differ from the default ones. */
  readonly thresholds?: Partial<Record<StateKind, Partial<Threshold>>>;
}

/** Reads events from one stream of looks. A pure step but for its own memory. */
export interface FaceEvents {
  step(look: Look): FaceEvent[];
  /** The stream is over: what is going on ends. */
  end(): FaceEvent[];
}

/** What is remembered of a face. */
interface Known {
  readonly states: ReadonlyMap<StateKind, Hysteresis>;
  restingLids: number | undefined;
  face: Face;
  time: Seconds;
}

/** Seconds over which the lids' rest is averaged. */
const REST = 2;

/** Tells what happens to faces, from what is told of them frame by frame. */
export function faceEvents(options: FaceEventOptions = {}): OperatorFunction<Look, FaceEvent> {
  return (looks$: Observable<Look>) =>
    defer(() => {
      const events = createFaceEvents(options);
      return looks$.pipe(
        map((look) => () => events.step(look)),
        endWith(() => events.end()),
        mergeMap((tell) => tell()),
      );
    });
}

export function createFaceEvents({ thresholds = {} }: FaceEventOptions = {}): FaceEvents {
  const known = new Map<number, Known>();
  let last = Number.NEGATIVE_INFINITY;

  const meet = (face: Face, time: Seconds): FaceEvent => {
    const states = STATE_KINDS.map(
      (kind) => [kind, createHysteresis({ ...STATE_RULES[kind].threshold, ...thresholds[kind] })] as const,
    );
    known.set(face.id, { states: new Map(states), restingLids: undefined, face, time });
    return eventOf('face-found', 'start', time, face);
  };
  const part = (id: number, { states, face, time }: Known): FaceEvent[] => {
    known.delete(id);
    const open = STATE_KINDS.filter((kind) => states.get(kind)?.on);
    return [...open, 'face-lost' as const].map((kind) => eventOf(kind, 'end', time, face));
  };
  const partFrom = (isGone: (id: number) => boolean, time?: Seconds): FaceEvent[] =>
    [...known].filter(([id]) => isGone(id)).flatMap(([id, of]) => part(id, { ...of, time: time ?? of.time }));

  return {
    step({ frame, faces }) {
      const { time } = frame;
      // A clock that runs back is a source that starts over.
      const told = time < last ? partFrom(() => true) : [];
      last = time;
      const here = new Set(faces.map(({ id }) => id));
      told.push(...partFrom((id) => !here.has(id), time));
      for (const face of faces) {
        if (!known.has(face.id)) told.push(meet(face, time));
        const of = known.get(face.id);
        if (of) told.push(...stateEvents(of, face, frame));
      }
      return told;
    },
    end: () => partFrom(() => true),
  };
}

function stateEvents(known: Known, face: Face, { time, width, height }: Look['frame']): FaceEvent[] {
  const [x, y] = face.camera.centre;
  const reading: Reading = {
    face,
    inFrame: x >= 0 && y >= 0 && x < width && y < height,
    isOn: (kind) => known.states.get(kind)?.on ?? false,
    restingLids: known.restingLids ?? 0,
  };
  const told: FaceEvent[] = [];
  for (const [kind, state] of known.states) {
    const change = state.step(STATE_RULES[kind].amount(reading), time);
    if (change) told.push(eventOf(kind, change.phase, change.time, face));
  }
  if (seesLids(face) && !reading.isOn('blink')) known.restingLids = nextRest(known, lidsClosed(face), time);
  known.face = face;
  known.time = time;
  return told;
}

/** Open lids are known at once, half closed ones only if they stay so. */
function nextRest({ restingLids, time: before }: Known, lids: number, time: Seconds): number {
  if (restingLids === undefined) return Math.min(lids, 0.3);
  const rest = lids < restingLids ? lids : restingLids + (lids - restingLids) * Math.min(1, (time - before) / REST);
  return Math.min(rest, 0.5);
}

function eventOf(kind: FaceEventKind, phase: FaceEvent['phase'], time: Seconds, { id, visibility }: Face): FaceEvent {
  const region = kind === 'face-found' || kind === 'face-lost' ? 'face' : STATE_RULES[kind].region;
  const parts = EVENT_REGIONS[region];
  const visible = parts.reduce((sum, part) => sum + visibility[part], 0) / parts.length;
  return { kind, phase, time, region, visibility: visible, id };
}
