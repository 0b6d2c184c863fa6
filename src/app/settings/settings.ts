import * as v from 'valibot';
import { name as DEFAULT_BUNDLE } from '../../assets/default-bundle.json';
import { type Backdrop, LOOKS, OVERLAYS, type Overlay, PLACES } from '../../render/stage-options';
import { SMOOTHING_PRESETS } from '../../smoothing/settings';
import {
  flag,
  flagOrAuto,
  listOf,
  numberBetween,
  oneOf,
  type SettingKind,
  textLike,
  wholeNumber,
} from './setting-kinds';
import { smoothingKind } from './smoothing-text';

const SOURCES = ['sample', 'cam', 'file'] as const;
export const RESOLUTIONS = { '480p': [640, 480], '720p': [1280, 720], '1080p': [1920, 1080] } as const;
export type Resolution = keyof typeof RESOLUTIONS;
const RESOLUTION_NAMES = Object.keys(RESOLUTIONS) as Resolution[];

export const ASPECTS = ['auto', '16:9', '9:16', '1:1'] as const;

const FILE_NAME = /^[\w-]{1,64}$/;
const BACKDROP = /^(#[0-9a-f]{6}|transparent|blur|picture)$/;

/** Longer than any video. */
const MOST_SECONDS = 1e6;
const seconds = numberBetween(0, MOST_SECONDS);

const backdropKind: SettingKind<Backdrop> = {
  schema: v.custom<Backdrop>((value) => typeof value === 'string' && BACKDROP.test(value)),
  parse: (text) => text.toLowerCase().replace(/^(?=[0-9a-f]{6}$)/, '#'),
  format: (value) => value.replace('#', ''),
  accepts: 'transparent, blur, or a colour such as 2a3350',
};

/** Everything about one setting. */
export interface Setting<T> extends SettingKind<T> {
  /** Its name for the user. */
  readonly label: string;
  readonly default: T;
  /** Whether the browser stores it for the next visit. */
  readonly stored: boolean;
  /** Whether a link to the page contains it. */
  readonly shared: boolean;
}

type Description<T> = Pick<Setting<T>, 'label' | 'default' | 'stored' | 'shared'>;

function setting<T>(kind: SettingKind<T>, description: Description<NoInfer<T>>): Setting<T> {
  return { ...kind, ...description };
}

/** All settings, by their names in the query string. docs/page.md lists them for users. */
const TABLE = {
  // Not stored, so that a visit never opens the camera by itself.
  source: setting(oneOf(SOURCES), { label: 'Source', default: 'sample', stored: false, shared: false }),
  bundle: setting(textLike(FILE_NAME, 'the name of a folder in public/models: letters, digits, - and _'), {
    label: 'Weights',
    default: DEFAULT_BUNDLE,
    stored: false,
    shared: true,
  }),
  provider: setting(oneOf(['auto', 'webgpu', 'wasm']), {
    label: 'Network backend',
    default: 'auto',
    stored: false,
    shared: false,
  }),
  detector: setting(oneOf(['auto', 'mediapipe', 'onnx']), {
    label: 'Face detector',
    default: 'auto',
    stored: false,
    shared: false,
  }),
  engine: setting(oneOf(['auto', 'webgpu', 'webgl']), {
    label: 'Graphics backend',
    default: 'auto',
    stored: false,
    shared: false,
  }),
  threads: setting(wholeNumber(1, 8), { label: 'CPU threads', default: 1, stored: false, shared: false }),
  faces: setting(wholeNumber(1, 8), { label: 'Faces to track', default: 1, stored: true, shared: true }),
  smooth: setting(flag, { label: 'Smooth over time', default: true, stored: true, shared: true }),
  smoothing: setting(smoothingKind, {
    label: 'Smoothing',
    default: SMOOTHING_PRESETS.balanced,
    stored: true,
    shared: true,
  }),
  look: setting(oneOf(LOOKS), { label: 'View', default: 'wireframe', stored: true, shared: true }),
  occlusion: setting(flag, { label: 'Keep occluders in front', default: true, stored: true, shared: true }),
  overlays: setting(listOf(oneOf(OVERLAYS), OVERLAYS.join(', ')), {
    label: 'Overlays',
    default: [],
    stored: true,
    shared: true,
  }),
  // In drawing order.
  filter: setting(listOf(textLike(FILE_NAME, ''), 'names of files in src/filters'), {
    label: 'Filters',
    default: [],
    stored: false,
    shared: true,
  }),
  // auto mirrors cameras only.
  mirror: setting(flagOrAuto, { label: 'Mirror', default: 'auto', stored: true, shared: true }),
  fit: setting(oneOf(['contain', 'cover']), { label: 'Fit', default: 'contain', stored: false, shared: true }),
  // The device identifier of a camera; empty for any camera.
  camera: setting(textLike(/^[\s\S]{0,512}$/, 'the identifier of a camera'), {
    label: 'Camera',
    default: '',
    stored: true,
    shared: false,
  }),
  resolution: setting(oneOf(RESOLUTION_NAMES), { label: 'Resolution', default: '480p', stored: true, shared: false }),
  cameraInBackground: setting(flag, {
    label: 'Keep the camera on while the tab is hidden',
    default: false,
    stored: false,
    shared: false,
  }),
  // Strength of the estimated light; 0 is neutral studio light.
  light: setting(numberBetween(0, 1.5), {
    label: 'Estimated light',
    default: 1,
    stored: true,
    shared: false,
  }),
  place: setting(oneOf(PLACES), { label: 'Placement of the head', default: 'over', stored: true, shared: true }),
  // Behind the head in the studio.
  backdrop: setting(backdropKind, { label: 'Background', default: '#2a3350', stored: true, shared: true }),
  // The page around the picture is transparent in the clean view, as browser sources need it.
  transparent: setting(flag, { label: 'Transparent page', default: false, stored: false, shared: true }),
  // Shape of the picture; auto fills the window.
  aspect: setting(oneOf(ASPECTS), { label: 'Shape', default: 'auto', stored: false, shared: true }),
  // The player of videos, seconds. An out point of 0 is the end.
  t: setting(seconds, { label: 'Position', default: 0, stored: false, shared: false }),
  in: setting(seconds, { label: 'In point', default: 0, stored: false, shared: false }),
  out: setting(seconds, { label: 'Out point', default: 0, stored: false, shared: false }),
  loop: setting(flag, { label: 'Loop', default: true, stored: false, shared: false }),
  speed: setting(numberBetween(0.25, 2), { label: 'Speed', default: 1, stored: false, shared: false }),
  clean: setting(flag, { label: 'Picture only', default: false, stored: false, shared: false }),
};

type ValueOf<S> = S extends Setting<infer T> ? T : never;
export type Settings = { readonly [N in keyof typeof TABLE]: ValueOf<(typeof TABLE)[N]> };
export type SettingName = keyof Settings;

export const SETTINGS: { readonly [N in SettingName]: Setting<Settings[N]> } = TABLE;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, SETTINGS[name].default]),
) as Settings;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** The overlays as options of the stage. */
export function overlayRecord(overlays: readonly Overlay[]): Record<Overlay, boolean> {
  const has = (name: Overlay) => overlays.includes(name);
  return { mask: has('mask'), crop: has('crop'), points: has('points'), axes: has('axes') };
}

/** Whether the picture has a transparent background. */
export function isTransparent({ place, backdrop }: Pick<Settings, 'place' | 'backdrop'>): boolean {
  return place === 'studio' && backdrop === 'transparent';
}

export function isMirrored({ mirror, source }: Pick<Settings, 'mirror' | 'source'>): boolean {
  return mirror === 'auto' ? source === 'cam' : mirror;
}
