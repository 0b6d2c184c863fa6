import * as v from 'valibot';
import { type Backdrop, LOOKS, OVERLAYS, type Overlay, PLACES } from '../../render/stage-options';
import { SMOOTHING_PRESETS } from '../../smoothing/settings';
import { SMOOTHING_WORDS, smoothingFromText, smoothingSchema } from './smoothing-text';

export const SOURCES = ['sample', 'cam', 'file'] as const;
export const RESOLUTIONS = { '480p': [640, 480], '720p': [1280, 720], '1080p': [1920, 1080] } as const;
export type Resolution = keyof typeof RESOLUTIONS;

const BACKDROP = /^(#[0-9a-f]{6}|transparent|blur|picture)$/;

const ENTRIES = {
  source: v.picklist(SOURCES),
  /** Name of a bundle's folder under models/. */
  bundle: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  provider: v.picklist(['auto', 'webgpu', 'wasm']),
  engine: v.picklist(['auto', 'webgpu', 'webgl']),
  threads: wholeNumber(1, 8),
  faces: wholeNumber(1, 4),
  smooth: v.boolean(),
  smoothing: smoothingSchema,
  look: v.picklist(LOOKS),
  occlusion: v.boolean(),
  overlays: v.array(v.picklist(OVERLAYS)),
  /** Names of filters, drawn in this order. */
  filter: v.array(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))),
  /** auto: mirrored for a camera only. */
  mirror: v.union([v.boolean(), v.literal('auto')]),
  fit: v.picklist(['contain', 'cover']),
  /** A device's id; empty for any camera. */
  camera: v.pipe(v.string(), v.maxLength(512)),
  resolution: v.picklist(Object.keys(RESOLUTIONS) as Resolution[]),
  /** The camera goes on while the tab is hidden. */
  background: v.boolean(),
  /** Of the estimated light on props and avatars; 0 is a neutral studio. */
  light: v.pipe(v.number(), v.minValue(0), v.maxValue(1.5)),
  place: v.picklist(PLACES),
  /** Behind a studio's head. */
  backdrop: v.custom<Backdrop>(isBackdrop),
  /** Nothing on the page but the picture. */
  clean: v.boolean(),
} as const;

const schema = v.object(ENTRIES);
export type Settings = Readonly<v.InferOutput<typeof schema>>;
export type SettingName = keyof Settings;

export const DEFAULT_SETTINGS: Settings = {
  source: 'sample',
  bundle: 'peekaboo',
  provider: 'auto',
  engine: 'auto',
  threads: 1,
  faces: 1,
  smooth: true,
  smoothing: SMOOTHING_PRESETS.balanced,
  look: 'wireframe',
  occlusion: true,
  overlays: [],
  filter: [],
  mirror: 'auto',
  fit: 'contain',
  camera: '',
  resolution: '480p',
  background: false,
  light: 1,
  place: 'over',
  backdrop: '#2a3350',
  clean: false,
};

/** What a visitor finds again next time. The source is not among them: the camera is never opened unasked. */
export const KEPT = [
  'faces',
  'smooth',
  'smoothing',
  'look',
  'occlusion',
  'overlays',
  'mirror',
  'light',
  'place',
  'backdrop',
  'camera',
  'resolution',
] as const satisfies readonly SettingName[];

/** Settings from outside, and one line for each that was wrong and is ignored. */
export interface ReadSettings {
  readonly settings: Partial<Settings>;
  readonly warnings: readonly string[];
}

/**
 * Reads an address's query, as in `?source=cam&overlays=mask,axes&mirror=1`. `view=clean` is `clean=1`; a `background`
 * that is no flag is a backdrop, which only a studio has.
 */
export function settingsFromQuery(query: string): ReadSettings {
  const found: Record<string, unknown> = {};
  const spelled = new Map<string, string>();
  for (const [given, text] of new URLSearchParams(query)) {
    const name = meantBy(given, text);
    found[name] = readText(name, name === 'clean' && given === 'view' ? '1' : text);
    spelled.set(name, `?${given}=${text}`);
  }
  if (isBackdrop(found.backdrop)) found.place ??= 'studio';
  return check(found, (name) => spelled.get(name) ?? name);
}

function isBackdrop(value: unknown): boolean {
  return typeof value === 'string' && BACKDROP.test(value);
}

function meantBy(name: string, text: string): string {
  if (name === 'view' && text === 'clean') return 'clean';
  return name === 'background' && !Object.hasOwn(FLAGS, text) ? 'backdrop' : name;
}

/** Reads what was kept. */
export function settingsFromKept(kept: unknown): ReadSettings {
  const record = v.is(v.record(v.string(), v.unknown()), kept) ? kept : {};
  const known = Object.entries(record).filter(([name]) => (KEPT as readonly string[]).includes(name));
  return check(Object.fromEntries(known), (name) => name);
}

/** The overlays as the stage wants them. */
export function overlayRecord(overlays: readonly Overlay[]): Record<Overlay, boolean> {
  const has = (name: Overlay) => overlays.includes(name);
  return { mask: has('mask'), crop: has('crop'), points: has('points'), axes: has('axes') };
}

/** Whether the picture has no ground. */
export function isTransparent({ place, backdrop }: Settings): boolean {
  return place === 'studio' && backdrop === 'transparent';
}

export function isMirrored({ mirror, source }: Settings): boolean {
  return mirror === 'auto' ? source === 'cam' : mirror;
}

function check(found: Readonly<Record<string, unknown>>, spell: (name: string) => string): ReadSettings {
  const settings: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(found)) {
    if (!isSettingName(name)) {
      warnings.push(`${spell(name)} is not a known setting and was ignored.`);
      continue;
    }
    const checked = v.safeParse(ENTRIES[name] as v.GenericSchema, value);
    if (checked.success) settings[name] = checked.output;
    else warnings.push(`${spell(name)} was ignored: ${name} can be ${WORDS[name]}.`);
  }
  return { settings: settings as Partial<Settings>, warnings };
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(ENTRIES, name);
}

const FLAG_WORDS = '1 or 0';
const WORDS: Readonly<Record<SettingName, string>> = {
  source: SOURCES.join(', '),
  bundle: 'the name of a folder under models: letters, digits, - and _',
  provider: 'auto, webgpu, wasm',
  engine: 'auto, webgpu, webgl',
  threads: 'a whole number from 1 to 8',
  faces: 'a whole number from 1 to 4',
  smooth: FLAG_WORDS,
  smoothing: SMOOTHING_WORDS,
  look: LOOKS.join(', '),
  occlusion: FLAG_WORDS,
  filter: 'a list of names of files in src/filters, with commas between',
  overlays: `a list of ${OVERLAYS.join(', ')}, with commas between`,
  mirror: '1, 0 or auto',
  fit: 'contain, cover',
  camera: 'the id of a camera',
  resolution: Object.keys(RESOLUTIONS).join(', '),
  light: 'a number from 0 to 1.5',
  background: FLAG_WORDS,
  place: PLACES.join(', '),
  backdrop: 'transparent, blur, or a colour as in 2a3350',
  clean: FLAG_WORDS,
};

const FLAGS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/** The text of a query as the value it stands for; a text that stands for none stays and fails the check. */
function readText(name: string, text: string): unknown {
  if (name === 'overlays' || name === 'filter') return text.split(',').filter((part) => part !== '');
  if (name === 'smoothing') return smoothingFromText(text);
  if (name === 'threads' || name === 'faces' || name === 'light') return text.trim() === '' ? text : Number(text);
  if (name === 'backdrop') return text.toLowerCase().replace(/^(?=[0-9a-f]{6}$)/, '#');
  const flag = name === 'mirror' || (isSettingName(name) && WORDS[name] === FLAG_WORDS);
  return flag && Object.hasOwn(FLAGS, text) ? FLAGS[text] : text;
}

function wholeNumber(least: number, most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
}
