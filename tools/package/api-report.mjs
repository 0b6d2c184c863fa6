/**
 * node tools/package/api-report.mjs: writes docs/api/ENTRY.api.md, the public API of each entry point of the built package.
 * The reports are committed, so that a change of the API is visible in a review; a test compares them.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { buildPackage } from './build.mjs';
import { ENTRIES, LIB, ROOT } from './contents.mjs';

export const REPORTS = join(ROOT, 'docs/api');

const quiet = { default: { logLevel: ExtractorLogLevel.None } };

function configure(entry, folder) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(LIB, `types/package/${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2023',
            module: 'ESNext',
            moduleResolution: 'bundler',
            lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
            types: ['@webgpu/types'],
            skipLibCheck: true,
          },
          files: [join(LIB, `types/package/${entry}.d.ts`)],
        },
      },
      apiReport: { enabled: true, reportFileName: `${entry}.api.md`, reportFolder: folder, reportTempFolder: folder },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: quiet, extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
    },
  });
}

/**
 * The reports of the built package, by entry point.
 * @returns {Record<string, string>}
 */
export function apiReports() {
  const folder = mkdtempSync(join(tmpdir(), 'peekaboo-api-'));
  try {
    return Object.fromEntries(
      Object.keys(ENTRIES).map((entry) => {
        Extractor.invoke(configure(entry, folder), { localBuild: true, messageCallback: handled });
        return [entry, readFileSync(join(folder, `${entry}.api.md`), 'utf8').replaceAll('\r\n', '\n')];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Nothing is printed: the compiler has checked the declarations, and the comments are no TSDoc. */
function handled(message) {
  message.handled = true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { writeFileSync } = await import('node:fs');
  await buildPackage();
  mkdirSync(REPORTS, { recursive: true });
  for (const [entry, text] of Object.entries(apiReports())) writeFileSync(join(REPORTS, `${entry}.api.md`), text);
  console.log('docs/api: written');
}
