/** Installs what the tests need in CI, in the background, while the stages that need nothing run already. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ensurePythonEnvironment } from '../lib/python-environment.mjs';

/** Runs tools/lib/NAME.mjs --install in a process of its own, as the installer blocks. */
function install(name) {
  const script = resolve(import.meta.dirname, '../lib', `${name}.mjs`);
  const child = spawn(process.execPath, [script, '--install'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`${name} could not be installed`))));
  });
}

/** Logs how long an installation takes; whoever awaits it sees its failure. */
function timed(name, work) {
  const started = Date.now();
  const done = work.then((value) => {
    console.log(`== installed: ${name}, ${Math.round((Date.now() - started) / 1000)} s`);
    return value;
  });
  done.catch(() => undefined);
  return done;
}

/**
 * @returns {{ chromium: Promise<void>, ffmpeg: Promise<void>, engines: Promise<void>, blender: Promise<void>,
 *   python: Promise<string> }}
 */
export function startInstalls() {
  const { PEEKABOO_PYTHON: given } = process.env;
  const chromium = timed('Chromium', install('chromium'));
  // One after the other: apt runs once at a time.
  const next = (before, name, program) =>
    timed(
      name,
      before.catch(() => undefined).then(() => install(program)),
    );
  const ffmpeg = next(chromium, 'FFmpeg', 'ffmpeg');
  const engines = next(ffmpeg, 'Firefox and WebKit', 'engines');
  return {
    chromium,
    ffmpeg,
    engines,
    blender: next(engines, 'Blender', 'blender'),
    python: timed('Python environment', given ? Promise.resolve(given) : ensurePythonEnvironment()),
  };
}
