import { at } from '../face/at';
import { expressionIndex } from '../face/expression';
import type { ExpressionName, Face, Region } from '../face/types';
import type { Threshold } from './hysteresis';
import { lidOpening } from './lid-opening';

export type EventRegion = 'face' | 'eyes' | 'mouth' | 'lower-face';

/** The face regions of each event region. */
export const EVENT_REGIONS: Readonly<Record<EventRegion, readonly Region[]>> = {
  face: ['eyeLeft', 'eyeRight', 'browLeft', 'browRight', 'nose', 'mouth', 'jaw', 'cheekLeft', 'cheekRight', 'forehead'],
  eyes: ['eyeLeft', 'eyeRight'],
  mouth: ['mouth'],
  'lower-face': ['nose', 'mouth', 'jaw'],
};

/** Events that describe a state of a face, in the order in which a frame's events are emitted. */
export const STATE_KINDS = [
  'mask-worn',
  'hand-over-mouth',
  'eyes-covered',
  'face-covered',
  'blink',
  'eyes-closed',
  'mouth-open',
  'smile',
] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/** Input of a rule. */
export interface Reading {
  readonly face: Face;
  /** Whether the centre of the face is inside the frame. */
  readonly inFrame: boolean;
  /** Whether a state of this face is on. */
  isOn(kind: StateKind): boolean;
  /** How far both eyelids are closed at rest, 0 to 1. */
  readonly restingLids: number;
}

export interface StateRule {
  readonly region: EventRegion;
  readonly threshold: Threshold;
  /** Amount of the state, 0 to 1; undefined where it cannot be measured. */
  amount(reading: Reading): number | undefined;
}

/** Least visibility of a region whose state is measured. */
const VISIBLE = 0.5;

const covered = (of: (cover: (region: Region) => number) => number, { face }: Reading): number | undefined =>
  face.state === 'held' ? undefined : of((region) => 1 - face.visibility[region]);

const shown = (face: Face, region: EventRegion): boolean =>
  face.state !== 'held' && EVENT_REGIONS[region].every((part) => face.visibility[part] >= VISIBLE);

/** Reads the mean of some expressions, bound by index. */
const meanOf = (...names: readonly ExpressionName[]) => {
  const indices = names.map(expressionIndex);
  return ({ expressionValues }: Face): number =>
    indices.reduce((sum, index) => sum + at(expressionValues, index), 0) / indices.length;
};
const blinkOf = meanOf('eyeBlinkLeft', 'eyeBlinkRight');
const smileOf = meanOf('mouthSmileLeft', 'mouthSmileRight');
const jawOpenOf = meanOf('jawOpen');

/** Opening of wide-open eyes, as a share of their width. */
const WIDE_OPEN = 0.36;

/**
 * How far both eyelids are closed, 0 to 1: from the expression or from the landmarks, whichever is larger. Several blend
 * shapes close an eye together, and none of them reaches 1 in a real blink.
 */
export const lidsClosed = (face: Face): number => {
  const named = blinkOf(face);
  const opening = lidOpening(face);
  return opening === undefined ? named : Math.max(named, 1 - opening / WIDE_OPEN, 0);
};

const lids = ({ face, restingLids }: Reading): number | undefined =>
  shown(face, 'eyes') ? Math.max(0, (lidsClosed(face) - restingLids) / (1 - restingLids)) : undefined;

/** Whether the eyelids can be measured in this frame. */
export const seesLids = (face: Face): boolean => shown(face, 'eyes');

export const STATE_RULES: Readonly<Record<StateKind, StateRule>> = {
  'mask-worn': {
    region: 'lower-face',
    threshold: { on: 0.7, off: 0.5, onFor: 3, offFor: 0.5 },
    // A cover that leaves the eyes free and stays.
    amount: (reading) =>
      covered((cover) => {
        const eyes = Math.max(cover('eyeLeft'), cover('eyeRight'));
        return eyes > 0.5 ? 0 : Math.min(cover('nose'), cover('mouth'), cover('jaw'));
      }, reading),
  },
  'hand-over-mouth': {
    region: 'mouth',
    threshold: { on: 0.5, off: 0.3, onFor: 0.15, offFor: 0.15 },
    amount: (reading) => covered((cover) => (reading.isOn('mask-worn') ? 0 : cover('mouth')), reading),
  },
  'eyes-covered': {
    region: 'eyes',
    threshold: { on: 0.6, off: 0.4, onFor: 0.15, offFor: 0.15 },
    amount: (reading) => covered((cover) => Math.min(cover('eyeLeft'), cover('eyeRight')), reading),
  },
  'face-covered': {
    region: 'face',
    threshold: { on: 0.7, off: 0.5, onFor: 0.2, offFor: 0.1 },
    // A face that is held inside the frame is behind something.
    amount: ({ face, inFrame }) => {
      if (face.state === 'held') return inFrame ? 1 : undefined;
      const regions = EVENT_REGIONS.face;
      return 1 - regions.reduce((sum, region) => sum + face.visibility[region], 0) / regions.length;
    },
  },
  blink: { region: 'eyes', threshold: { on: 0.4, off: 0.25, onFor: 0, offFor: 0 }, amount: lids },
  'eyes-closed': { region: 'eyes', threshold: { on: 0.4, off: 0.25, onFor: 0.6, offFor: 0.05 }, amount: lids },
  'mouth-open': {
    region: 'mouth',
    threshold: { on: 0.25, off: 0.15, onFor: 0.08, offFor: 0.12 },
    amount: ({ face }) => (shown(face, 'mouth') ? jawOpenOf(face) : undefined),
  },
  smile: {
    region: 'mouth',
    threshold: { on: 0.4, off: 0.25, onFor: 0.2, offFor: 0.2 },
    amount: ({ face }) => (shown(face, 'mouth') ? smileOf(face) : undefined),
  },
};
