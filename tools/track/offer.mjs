import { resolve } from 'node:path';

/** Makes a file readable for the page; returns its URL there. */
export function offer(files, path) {
  const name = `__input/${files.size}`;
  files.set(name, resolve(path));
  return name;
}
