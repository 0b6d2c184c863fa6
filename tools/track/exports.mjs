/** Animations of a tracked video: --export. The page writes them; docs/formats.md describes the formats. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { offer } from './offer.mjs';

/** File of each format in the folder of results. */
export const EXPORT_FILES = {
  llf: 'animation.livelink.csv',
  glb: 'animation.glb',
  vrma: 'animation.vrma',
  bvh: 'animation.bvh',
  csv: 'animation.csv',
  arkit: 'animation.arkit.jsonl',
};

/**
 * Reads a list of formats.
 * @param {string} text  names with commas between them
 * @returns {string}  the same, sorted and without repetitions
 * @throws {Error} for an unknown name
 */
export function readFormats(text) {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean).sort();
  const unknown = names.filter((name) => !Object.hasOwn(EXPORT_FILES, name));
  if (unknown.length === 0 && names.length > 0) return names.join(',');
  throw new Error(`must be a list of ${Object.keys(EXPORT_FILES).join(', ')}.`);
}

/**
 * Writes the animations of the main face of a video.
 * @param {{ page: import('./browser-page.mjs').BrowserPage, files: Map<string, string> }} session
 * @param {string} folder  with the video's frames.jsonl
 * @param {string} file  name of the video
 * @param {string} formats  as `readFormats` returns them
 * @returns {Promise<string[]>}  what could not be written, one sentence each
 */
export async function writeExports({ page, files }, folder, file, formats) {
  const url = offer(files, join(folder, 'frames.jsonl'));
  for (const format of formats.split(',')) {
    const { value, refused } = await page.call('exportFrames', url, file, format);
    if (refused) return [`${file}: cannot be exported (${refused})`];
    if (value === null) return [`${file}: no face was found, so there is no animation to export`];
    writeFileSync(join(folder, EXPORT_FILES[format]), value, 'base64');
  }
  return [];
}
