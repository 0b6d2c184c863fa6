/**
 * The browsers with other engines than Chromium's that the tests use: Firefox, and WebKit as WebKitGTK's MiniBrowser. Both
 * run on Xvfb. `node tools/lib/engines.mjs --install` installs Debian's.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aptInstall } from './apt.mjs';

/** GStreamer's plugins decode H.264 for WebKit, Mesa draws WebGL for Firefox. */
const PACKAGES = [
  'firefox-esr',
  'webkit2gtk-driver',
  'xvfb',
  'libgl1-mesa-dri',
  'libegl1',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-libav',
];
const LIBRARIES = '/usr/lib';

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of the programs on the PATH; null where there is none. */
function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

/** MiniBrowser is not on the PATH: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser on Debian. */
function findMiniBrowser() {
  if (process.platform !== 'linux') return null;
  const folders = [LIBRARIES, ...readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name))];
  const paths = folders.flatMap((folder) =>
    ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((name) => join(folder, name, 'MiniBrowser')),
  );
  return paths.find(isExecutable) ?? null;
}

/**
 * The programs that are installed; null for those that are not.
 * @returns {{ xvfb: string | null, firefox: string | null, webkit: { driver: string, browser: string } | null }}
 */
export function findEngines() {
  const driver = findProgram('WebKitWebDriver');
  const browser = findMiniBrowser();
  return {
    xvfb: findProgram('Xvfb'),
    firefox: findProgram('firefox-esr', 'firefox'),
    webkit: driver && browser ? { driver, browser } : null,
  };
}

/** What is missing for the tests in Firefox and WebKit, as texts. */
export function missingEngines({ xvfb, firefox, webkit } = findEngines()) {
  return [
    xvfb ? '' : 'Xvfb',
    firefox ? '' : 'Firefox',
    webkit ? '' : 'WebKit (MiniBrowser and WebKitWebDriver)',
  ].filter(Boolean);
}

/** Installs both. Throws where one is still missing. */
export function ensureEngines() {
  if (missingEngines().length === 0) return;
  aptInstall(PACKAGES);
  const missing = missingEngines();
  if (missing.length > 0)
    throw new Error(`${missing.join(', ')} could not be installed: apt-get install ${PACKAGES.join(' ')}`);
}

const isMain = import.meta.url === pathToFileURL(process.argv[1] ?? '').href;
if (isMain && process.argv.includes('--install')) ensureEngines();
