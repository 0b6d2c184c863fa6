/** Installs what the tests need in CI, in the background, while the stages that need nothing run already. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ensurePythonEnvironment } from '../lib/python-environment.mjs';

const CHROMIUM = resolve(import.meta.dirname, '../lib/chromium.mjs');

/** In a process of its own, as the installer blocks. */
function installChromium() {
  const child = spawn(process.execPath, [CHROMIUM, '--install'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error('Chromium could not be installed'))));
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

/** @returns {{ chromium: Promise<void>, python: Promise<string> }} */
export function startInstalls() {
  const { PEEKABOO_PYTHON: given } = process.env;
  return {
    chromium: timed('Chromium', installChromium()),
    python: timed('Python environment', given ? Promise.resolve(given) : ensurePythonEnvironment()),
  };
}
