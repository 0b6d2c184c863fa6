/** Checks of the packed package by publint and are-the-types-wrong. */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** The package has ES modules only, and Node's oldest resolution knows no `exports`. */
const RESOLUTIONS_LEFT_OUT = ['node10', 'node16-cjs'];

/**
 * What publint reports about the unpacked package.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function lintPackage(folder) {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  const texts = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  // The loaders of WebAssembly are ES modules that publint takes for CommonJS, because they also have code for Node.
  return texts.filter((text) => !text.includes('./lib/assets/wasm/'));
}

/**
 * Imports whose types do not match the code, or cannot be found.
 * @param {string} tarball
 * @returns {Promise<object[]>}
 */
export async function checkTypes(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (!analysis.types) return [{ kind: 'no types' }];
  return analysis.problems.filter(
    ({ kind, resolutionKind, entrypoint }) =>
      kind !== 'CJSResolvesToESM' && !RESOLUTIONS_LEFT_OUT.includes(resolutionKind) && entrypoint !== './assets/*',
  );
}
