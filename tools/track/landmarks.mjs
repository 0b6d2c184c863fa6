import { closeSync, existsSync, fstatSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

/** The object in a file; empty where there is none, or where an interruption damaged it. */
function readEntries(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Opens a file that holds one JSON object, for entries that are added one by one: after each, the file is a whole object,
 * also when the run is interrupted then. Entries that are there are kept.
 * @param {string} path
 */
export function openLandmarks(path) {
  const entries = existsSync(path) ? readEntries(path) : {};
  let isEmpty = Object.keys(entries).length === 0;
  writeFileSync(path, JSON.stringify(entries));
  const file = openSync(path, 'r+');
  return {
    /** @param {string} name @param {unknown} value */
    add(name, value) {
      const entry = `${isEmpty ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}}`;
      writeSync(file, entry, fstatSync(file).size - 1);
      isEmpty = false;
    },
    close: () => closeSync(file),
  };
}
