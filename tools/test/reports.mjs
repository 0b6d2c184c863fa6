/** Reads the reports of test runners. */

/**
 * What a stage of `npm test` resulted in.
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {{ file: string, reason: string }[]} skipped  one entry per skipped test
 * @property {string} [note]
 */

/** The outcome of a stage that is one check. @returns {Outcome} */
export const single = (ok, note) => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  skipped: [],
  ...(note ? { note } : {}),
});

/**
 * The outcome in vitest's JSON report. vitest gives no reason for a skipped test: its title stands for it.
 * @returns {Outcome}
 */
export function readVitest(report) {
  const { numPassedTests: passed, numFailedTests: failed, testResults } = JSON.parse(report);
  const skipped = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => ({ file: name, reason: fullName })),
  );
  // A file that cannot be loaded has no tests that could fail.
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.length).length;
  return { passed, failed: failed + broken, skipped };
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text) => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name]);
const attribute = (tag, name) => unescapeXml(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** The file of a test case: `tests.network.test_a.TestB` → tests/network/test_a.py. */
function fileOf(tag) {
  const parts = (attribute(tag, 'classname') || attribute(tag, 'name')).split('.');
  const last = parts.findIndex((part) => part.startsWith('test_'));
  return `${parts.slice(0, last + 1).join('/')}.py`;
}

/**
 * The outcome in pytest's JUnit report.
 * @returns {Outcome}
 */
export function readPytest(report) {
  const outcome = { passed: 0, failed: 0, skipped: [] };
  for (const [, tag, body = ''] of report.matchAll(/<testcase( [^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const skip = /<skipped([^>]*)>([\s\S]*?)<\/skipped>/.exec(body);
    if (/<(failure|error)[ >]/.test(body)) outcome.failed += 1;
    else if (skip)
      outcome.skipped.push({ file: fileOf(tag), reason: unescapeXml(`${attribute(skip[1], 'message')} ${skip[2]}`) });
    else outcome.passed += 1;
  }
  return outcome;
}

/**
 * Makes gaps visible: a run without any result fails, and so does, where nothing may be skipped, every skipped test that
 * does not need a GPU.
 * @param {Outcome} outcome
 * @param {{ ok: boolean, strict: boolean }} run  `ok`: the runner succeeded; `strict`: nothing may be skipped
 * @returns {Outcome}
 */
export function checked(outcome, { ok, strict }) {
  const gaps = strict ? outcome.skipped.filter(({ reason }) => !/gpu/i.test(reason)) : [];
  const notes = gaps.map(({ file, reason }) => `skipped in ${file}: ${reason}`);
  const failed = outcome.failed + gaps.length;
  const empty = outcome.passed + failed + outcome.skipped.length === 0;
  if (failed === 0 && (!ok || empty)) return { ...outcome, failed: 1, note: 'ended without a result' };
  return { ...outcome, failed, ...(notes.length > 0 ? { note: notes.join('\n') } : {}) };
}
