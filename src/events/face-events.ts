import { defer, endWith, map, mergeMap, type Observable, type OperatorFunction } from 'rxjs';
import type { Face, Frame, Seconds } from '../face/types';
import { checkEventOptions } from './check-events';
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
  /** face-found has only a start, face-lost only an end. */
  readonly phase: 'start' | 'end';
  /** When it began or ended, on the capture's clock; the event is emitted up to a fraction of a second later. */
  readonly time: Seconds;
  readonly region: EventRegion;
  /** Visibility of the region when the event was emitted, 0 to 1. */
  readonly visibility: number;
  /** Id of the face. */
  readonly id: number;
}

/** The input of events; a TrackedFrame is one. */
export interface EventFrame {
  readonly frame: Pick<Frame, 'time' | 'width' | 'height'>;
  readonly faces: readonly Face[];
}

export interface FaceEventOptions {
  /** Thresholds that replace the defaults. */
  readonly thresholds?: Partial<Record<StateKind, Partial<Threshold>>>;
}

/** Derives events from one stream of frames. It has no clock. */
export interface FaceEvents {
  step(frame: EventFrame): FaceEvent[];
  /** Ends all states at the end of the stream. */
  end(): FaceEvent[];
}

/** Memory of a face. */
interface Known {
  readonly states: ReadonlyMap<StateKind, Hysteresis>;
  restingLids: number | undefined;
  face: Face;
  time: Seconds;
}

/** Time constant of the resting position of the eyelids, s. */
const REST = 2;

/** The events of a stream of frames. Throws RangeError for thresholds that are not accepted. */
export function faceEvents(options: FaceEventOptions = {}): OperatorFunction<EventFrame, FaceEvent> {
  checkEventOptions(options);
  return (frames$: Observable<EventFrame>) =>
    defer(() => {
      const events = createFaceEvents(options);
      return frames$.pipe(
        map((frame) => () => events.step(frame)),
        endWith(() => events.end()),
        mergeMap((run) => run()),
      );
    });
}

export function createFaceEvents(options: FaceEventOptions = {}): FaceEvents {
  checkEventOptions(options);
  const { thresholds = {} } = options;
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
      // An earlier time means that the source restarted.
      const emitted = time < last ? partFrom(() => true) : [];
      last = time;
      const here = new Set(faces.map(({ id }) => id));
      emitted.push(...partFrom((id) => !here.has(id), time));
      for (const face of faces) {
        if (!known.has(face.id)) emitted.push(meet(face, time));
        const of = known.get(face.id);
        if (of) emitted.push(...stateEvents(of, face, frame));
      }
      return emitted;
    },
    end: () => partFrom(() => true),
  };
}

function stateEvents(known: Known, face: Face, { time, width, height }: EventFrame['frame']): FaceEvent[] {
  const [x, y] = face.camera.centre;
  const reading: Reading = {
    face,
    inFrame: x >= 0 && y >= 0 && x < width && y < height,
    isOn: (kind) => known.states.get(kind)?.on ?? false,
    restingLids: known.restingLids ?? 0,
  };
  const emitted: FaceEvent[] = [];
  for (const [kind, state] of known.states) {
    const change = state.step(STATE_RULES[kind].amount(reading), time);
    if (change) emitted.push(eventOf(kind, change.phase, change.time, face));
  }
  if (seesLids(face) && !reading.isOn('blink')) known.restingLids = nextRest(known, lidsClosed(face), time);
  known.face = face;
  known.time = time;
  return emitted;
}

/** The resting position follows opening at once, closing slowly: half-closed eyelids must stay so to count as rest. */
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
