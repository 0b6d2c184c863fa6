/** FFmpeg, which the tests of rendered files use. `node tools/lib/ffmpeg.mjs --install` installs the system's package. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { aptInstall } from './apt.mjs';

/** Whether ffmpeg and ffprobe run. */
export function hasFfmpeg() {
  return ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version']).status === 0);
}

/** Installs FFmpeg. Throws where it still does not run. */
export function ensureFfmpeg() {
  if (hasFfmpeg()) return;
  aptInstall(['ffmpeg']);
  if (!hasFfmpeg()) throw new Error('FFmpeg could not be installed: apt-get install ffmpeg');
}

const isMain = import.meta.url === pathToFileURL(process.argv[1] ?? '').href;
if (isMain && process.argv.includes('--install')) ensureFfmpeg();
