/** npm run bench:start: bytes per file and time per stage until the first face, on the first and the second visit. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { chromium } from 'playwright-core';
import { buildSite, DIST, ensureBuilt } from './lib/build.mjs';
import { chromiumFlags, needChromium } from './lib/chromium.mjs';
import { removeCopies } from './lib/compress-site.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { serve } from './lib/serve.mjs';
import { median, stageTable, transferTable } from './lib/start-tables.mjs';

/** Milliseconds until a visit without a face has failed. */
const PATIENCE = 120_000;

function readArguments() {
  const options = new Command('bench:start')
    .description('Opens the built page with an empty cache and again, and measures both visits.')
    .option('--runs <number>', 'pairs of visits; times are medians', '3')
    .option('--query <text>', 'query string of the page', 'source=sample')
    .option('--no-compression', 'serve the files without their compressed copies')
    .option('--json <file>', 'write the figures to this file, as JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
  const runs = Number(options.runs);
  if (!(Number.isInteger(runs) && runs > 0))
    throw new InputError(`--runs must be a whole number above 0, not ${options.runs}`);
  return { ...options, runs };
}

/** Opens the page in a new tab until it shows a face; resolves with its marks and what was transferred. */
async function visit(context, server, query) {
  server.sent.length = 0;
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${server.origin}/?${query}`);
  const has = () => performance.getEntriesByName('peekaboo:face', 'mark').length > 0;
  await page.waitForFunction(has, undefined, { timeout: PATIENCE, polling: 50 });
  const marks = await page.evaluate(() =>
    performance.getEntriesByType('mark').map(({ name, startTime }) => [name.replace('peekaboo:', ''), startTime]),
  );
  const sent = server.sent.slice();
  // The worker's process may write its caches after the first face.
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  await page.close();
  return { marks: Object.fromEntries(marks), sent };
}

/** One browser profile: a first visit and a second one. */
async function visitTwice(server, query) {
  const profile = mkdtempSync(join(tmpdir(), 'peekaboo-start-'));
  let context;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: needChromium(),
      args: chromiumFlags(),
      headless: true,
      viewport: { width: 1280, height: 800 },
    });
    return [await visit(context, server, query), await visit(context, server, query)];
  } finally {
    await context?.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Medians of the marks of several visits. */
function medians(visits) {
  const names = Object.keys(visits[0].marks);
  return Object.fromEntries(names.map((name) => [name, median(visits.map(({ marks }) => marks[name]))]));
}

/** Builds the site, with compressed copies of its files or without. */
async function prepareSite(compression) {
  if (compression) return buildSite();
  await ensureBuilt();
  removeCopies(DIST);
}

async function run({ runs, query, json, compression }) {
  await prepareSite(compression);
  const sent = [];
  const server = Object.assign(await serve({ folders: [DIST], onSent: (file) => sent.push(file) }), { sent });
  const pairs = [];
  try {
    for (let i = 0; i < runs; i += 1) pairs.push(await visitTwice(server, query));
  } finally {
    await server.close();
  }
  const report = [0, 1].map((visitIndex) => ({
    stages: medians(pairs.map((pair) => pair[visitIndex])),
    sent: pairs[0][visitIndex].sent,
  }));
  console.log(`Transferred until the first face\n\n${transferTable(report)}`);
  console.log(
    `\nMilliseconds since the navigation, median of ${runs}; load ${loadavg()[0].toFixed(1)}\n\n${stageTable(report)}`,
  );
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('bench:start', error));
