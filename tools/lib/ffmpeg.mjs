/** FFmpeg, which the tests of rendered files use. `node tools/lib/ffmpeg.mjs --install` installs the system's package. */
import { spawnSync } from 'node:child_process';

const runs = (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** Whether ffmpeg and ffprobe run. */
export function hasFfmpeg() {
  return ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version']).status === 0);
}

/** Installs FFmpeg by apt, with sudo where the user is not root. Throws where it still does not run. */
export function ensureFfmpeg() {
  if (hasFfmpeg()) return;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    return runs(command, rest);
  };
  if (apt('update')) apt('install', '-y', '--no-install-recommends', 'ffmpeg');
  if (!hasFfmpeg()) throw new Error('FFmpeg could not be installed: apt-get install ffmpeg');
}

if (process.argv.includes('--install')) ensureFfmpeg();
