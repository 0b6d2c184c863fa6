import { DEFAULT_SETTINGS, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings';

/** A link that opens the page with the same shared settings. Settings with their default value are left out. */
export function linkTo(settings: Settings, base: string): string {
  const url = new URL(base);
  url.search = '';
  url.hash = '';
  for (const name of SETTING_NAMES.filter((name) => SETTINGS[name].shared)) {
    const text = formatSetting(name, settings);
    // Reading a backdrop selects the studio, so a link to a page outside the studio leaves it out.
    const isUnused = name === 'backdrop' && settings.place !== 'studio';
    if (!isUnused && text !== formatSetting(name, DEFAULT_SETTINGS)) url.searchParams.set(name, text);
  }
  // Commas and colons are valid in a query, and readable.
  return url.href.replaceAll('%2C', ',').replaceAll('%3A', ':');
}

function formatSetting<N extends SettingName>(name: N, settings: Settings): string {
  return SETTINGS[name].format(settings[name]);
}
