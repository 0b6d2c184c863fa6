import * as v from 'valibot';
import { isFlag } from './setting-kinds';
import { isSettingName, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings';

/** Settings from outside, with a warning for each that is unknown or invalid; those are left out. */
export interface ReadSettings {
  readonly settings: Partial<Settings>;
  readonly warnings: readonly string[];
}

/**
 * Reads a query string such as `?source=cam&overlays=mask,axes&mirror=1`. A valid `backdrop` also selects the studio
 * unless `place` is given. `transparent=1` selects the transparent backdrop unless another one is given.
 */
export function settingsFromQuery(query: string): ReadSettings {
  const settings: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [givenName, givenText] of new URLSearchParams(query)) {
    const given = `?${givenName}=${givenText}`;
    const [name, text] = currentSpelling(givenName, givenText);
    if (!isSettingName(name)) {
      warnings.push(
        name === 'background' ? `${given} ${BACKGROUND_HELP}` : `${given} is not a known setting and was ignored.`,
      );
      continue;
    }
    const { schema, parse, label, accepts } = SETTINGS[name];
    const checked = v.safeParse(schema, parse(text));
    if (checked.success) settings[name] = checked.output;
    else warnings.push(`${given} was ignored: “${label}” must be ${accepts}.`);
  }
  if (settings.transparent === true) settings.backdrop ??= 'transparent';
  if (settings.backdrop !== undefined) settings.place ??= 'studio';
  return { settings: settings as Partial<Settings>, warnings };
}

/** Reads stored data; invalid entries are left out silently. */
export function settingsFromStorage(stored: unknown): Partial<Settings> {
  const record = v.is(v.record(v.string(), v.unknown()), stored) ? stored : {};
  const entries = STORED_NAMES.flatMap((name) => {
    const checked = v.safeParse(SETTINGS[name].schema, record[name]);
    return checked.success ? [[name, checked.output] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The part of the settings that the browser stores. */
export function settingsToStore(settings: Settings): Partial<Settings> {
  return Object.fromEntries(STORED_NAMES.map((name) => [name, settings[name]]));
}

const STORED_NAMES: readonly SettingName[] = SETTING_NAMES.filter((name) => SETTINGS[name].stored);

const BACKGROUND_HELP =
  'was ignored. Use backdrop for the background of the studio, or cameraInBackground for the camera.';

/** Translates former spellings: `view=clean`, and `background`, which meant either of two settings. */
function currentSpelling(name: string, text: string): readonly [name: string, text: string] {
  if (name === 'view' && text === 'clean') return ['clean', '1'];
  if (name !== 'background') return [name, text];
  if (isFlag(text)) return ['cameraInBackground', text];
  const { schema, parse } = SETTINGS.backdrop;
  return v.is(schema, parse(text)) ? ['backdrop', text] : [name, text];
}
