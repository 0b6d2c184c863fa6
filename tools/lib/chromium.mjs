/** Finds a Chromium to run the built page without a screen, or installs one. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const GPU_DEVICES = ['/dev/dri/renderD128', '/dev/nvidia0', '/dev/dxg'];

export const HELP = `No Chromium was found. Peekaboo's tools need one; any of these helps:
  - install it: apt-get install chromium (Debian, Ubuntu), or npx playwright-core install --with-deps chromium
  - install Google Chrome, Chromium or Edge by other means
  - say where it is: PEEKABOO_CHROMIUM=/path/to/chromium`;

export class NoChromiumError extends Error {
  name = 'NoChromiumError';
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Playwright's own build, null where this platform has none. */
function playwrightPath() {
  try {
    return chromium.executablePath();
  } catch {
    return null;
  }
}

/**
 * Path of a Chromium: PEEKABOO_CHROMIUM, CHROME_PATH, Playwright's own, then the system's.
 * @returns {string | null}
 * @throws {NoChromiumError} when a variable names a file that cannot be run
 */
export function findChromium(env = process.env) {
  for (const name of ['PEEKABOO_CHROMIUM', 'CHROME_PATH']) {
    const path = env[name];
    if (!path) continue;
    if (executable(path)) return path;
    throw new NoChromiumError(`${name}=${path}: no such program`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [playwrightPath(), ...inPath, ...PLACES].find((path) => path && executable(path)) ?? null;
}

/**
 * As findChromium, but throws with advice when there is none.
 * @returns {string}
 */
export function needChromium() {
  const path = findChromium();
  if (!path) throw new NoChromiumError(HELP);
  return path;
}

function isDebian() {
  return existsSync('/etc/debian_version') && !/^ID=ubuntu/m.test(readFileSync('/etc/os-release', 'utf8'));
}

const runs = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;

/** Debian has a package; Ubuntu's is a snap that cannot run in containers, so Playwright's build is taken there. */
function install() {
  const root = process.getuid?.() === 0;
  if (root && isDebian()) {
    if (runs('apt-get', ['update']) && runs('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']))
      return;
  }
  runs('npx', ['playwright-core', 'install', ...(root ? ['--with-deps'] : []), 'chromium']);
}

/**
 * Path of a Chromium, installed when there is none: by apt as root on Debian, else Playwright's build.
 * @returns {string}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  install();
  return needChromium();
}

/** Whether this machine shows a graphics device; without one, the page draws in software. */
export function hasGpu() {
  return process.platform !== 'linux' || GPU_DEVICES.some((path) => existsSync(path));
}

/**
 * Flags for a page with WebGPU, WebGL2 and the fake camera's permission, in hardware or software.
 * @param {{ gpu?: boolean, camera?: string }} [options]  camera: a .y4m or .mjpeg file to show as the webcam
 */
export function chromiumFlags({ gpu = hasGpu(), camera } = {}) {
  const software = ['--use-vulkan=swiftshader', '--use-angle=swiftshader'];
  return [
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    ...(gpu ? [] : software),
    '--autoplay-policy=no-user-gesture-required',
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
  ];
}

/**
 * Starts Chromium without a screen. A browser drawn in software without a camera may be one that is shared:
 * PEEKABOO_BROWSER is the address of a browser server, on which the tests run theirs. Closing it then ends only what was
 * opened on it. A shared browser gives no downloads as files and takes no files above 50 MB: `shared: false` starts one.
 * With `signals: false`, a signal to this process leaves the browser open: the caller closes it.
 * @param {{ gpu?: boolean, camera?: string, shared?: boolean, signals?: boolean }} [options]
 */
export async function launchChromium({ shared = true, signals = true, ...options } = {}) {
  const address = process.env.PEEKABOO_BROWSER;
  if (shared && address && options.gpu === false && !options.camera) return chromium.connect(address);
  return chromium.launch({
    executablePath: needChromium(),
    args: chromiumFlags(options),
    headless: true,
    handleSIGINT: signals,
    handleSIGTERM: signals,
    handleSIGHUP: signals,
  });
}

/**
 * Starts a browser that several processes share, drawn in software.
 * @returns {Promise<{ address: string, close(): Promise<void> }>}
 */
export async function launchSharedChromium() {
  const options = { executablePath: needChromium(), args: chromiumFlags({ gpu: false }), headless: true };
  const server = await chromium.launchServer(options);
  return { address: server.wsEndpoint(), close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(process.argv.includes('--install') ? ensureChromium() : needChromium());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
