import * as v from 'valibot';
import { DEFAULT_FOV } from '../face/projection';
import { EXPRESSION_NAMES } from '../face/types';
import { RecordingError } from './recording-error';

export const RECORDING_FORMAT = 'peekaboo-recording';
export const RECORDING_VERSION = 1;

const text = v.pipe(v.string(), v.maxLength(1000));
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));

const markerSchema = v.object({
  /** Seconds, on the clock of the frames. */
  time: v.pipe(v.number(), v.finite()),
  name: text,
});

/** What was tracked, and how. The first line of a recording's file, and its entry in the storage. */
const headerSchema = v.object({
  format: v.literal(RECORDING_FORMAT),
  version: v.literal(RECORDING_VERSION),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  name: text,
  /** ISO 8601. */
  created: v.pipe(v.string(), v.isoTimestamp()),
  source: v.object({ kind: v.picklist(['sample', 'cam', 'video', 'picture']), name: text }),
  /** Name of the bundle. */
  bundle: text,
  /** Size of the frames. */
  width: pixels,
  height: pixels,
  /** Vertical field of view that the poses assume, degrees. */
  fov: v.pipe(v.number(), v.minValue(1), v.maxValue(179)),
  /** recording: not finished, or interrupted. */
  state: v.picklist(['recording', 'complete']),
  /** The resting face that was set, in the order of EXPRESSION_NAMES; the frames hold measured values. */
  restingFace: v.nullable(
    v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99))), v.length(EXPRESSION_NAMES.length)),
  ),
  markers: v.array(markerSchema),
});

export type RecordingHeader = v.InferOutput<typeof headerSchema>;
export type Marker = v.InferOutput<typeof markerSchema>;

/** What `newHeader` cannot know. */
export type HeaderFacts = Pick<RecordingHeader, 'name' | 'source' | 'bundle' | 'width' | 'height'> &
  Partial<Pick<RecordingHeader, 'fov' | 'restingFace'>>;

/** The header of a recording that starts now. `fov`: degrees, 63 by default. */
export function newHeader({ fov = DEFAULT_FOV, restingFace = null, ...facts }: HeaderFacts): RecordingHeader {
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    id: crypto.randomUUID(),
    created: new Date().toISOString(),
    ...facts,
    fov,
    state: 'recording',
    restingFace,
    markers: [],
  };
}

/** Whether a parsed line claims to be a header, of any version. */
export function isHeader(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value && !('faces' in value);
}

/** Validates a parsed header. Throws RecordingError. */
export function parseHeader(value: unknown): RecordingHeader {
  const parsed = v.safeParse(headerSchema, value);
  if (parsed.success) return parsed.output;
  const { format, version } = v.parse(
    v.fallback(v.object({ format: v.optional(v.unknown()), version: v.optional(v.unknown()) }), {}),
    value,
  );
  if (format === RECORDING_FORMAT && version !== RECORDING_VERSION) {
    const message = `The recording has version ${String(version)} of the format, and this page reads version ${RECORDING_VERSION}. Open it with a newer page.`;
    throw new RecordingError('version', message);
  }
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? 'format';
  throw new RecordingError(
    'damaged',
    `This is no recording of Peekaboo: ${where} is wrong in its first line (${issue.message}).`,
  );
}
