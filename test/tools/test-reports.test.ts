import { describe, expect, it } from 'vitest';
import { checked, readPytest, readVitest } from '../../tools/test/reports.mjs';

const PYTEST = `<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="1" failures="1" skipped="3" tests="6">
<testcase classname="tests.scene.test_light" name="test_a" time="0.1" />
<testcase classname="tests.scene.test_light.TestSphere" name="test_b[1.0]" time="0.1"><failure message="assert">x</failure></testcase>
<testcase classname="" name="tests.network.test_network" time="0.0"><skipped message="collection skipped">('/x', 3, "Skipped: could not import 'torch'")</skipped></testcase>
<testcase classname="tests.fit.test_fit" name="test_c" time="0"><skipped type="pytest.skip" message="needs a GPU &amp; CUDA">/x:4</skipped></testcase>
<testcase classname="tests.fit.test_fit" name="test_d" time="0"><skipped type="pytest.skip" message="no data">/x:5</skipped></testcase>
<testcase classname="tests.fit.test_fit" name="test_e" time="0"><error message="setup">boom</error></testcase>
</testsuite></testsuites>`;

const vitestReport = (statuses: Record<string, string>) =>
  JSON.stringify({
    numPassedTests: Object.values(statuses).filter((status) => status === 'passed').length,
    numFailedTests: Object.values(statuses).filter((status) => status === 'failed').length,
    testResults: [
      {
        name: 'test/a.test.ts',
        status: 'passed',
        assertionResults: Object.entries(statuses).map(([fullName, status]) => ({ fullName, status })),
      },
    ],
  });

describe('reports of test runs', () => {
  it('counts pytest’s cases and names the files of skipped ones, with the reason', () => {
    const { passed, failed, skipped } = readPytest(PYTEST);
    expect([passed, failed]).toEqual([1, 2]);
    expect(skipped.map(({ file }) => file)).toEqual([
      'tests/network/test_network.py',
      'tests/fit/test_fit.py',
      'tests/fit/test_fit.py',
    ]);
    expect(skipped[0]?.reason).toContain("could not import 'torch'");
    expect(skipped[1]?.reason).toContain('needs a GPU & CUDA');
  });

  it('lets CI fail for skipped tests, unless they need a GPU', () => {
    const outcome = checked(readPytest(PYTEST), { ok: true, strict: true });
    expect(outcome.failed).toBe(4);
    expect(outcome.note).toContain('tests/network/test_network.py');
    expect(outcome.note).toContain('no data');
    expect(outcome.note).not.toContain('CUDA');
    expect(checked(readPytest(PYTEST), { ok: true, strict: false }).failed).toBe(2);
  });

  it('finds skipped, todo and failed tests of vitest, and files that do not load', () => {
    const skipping = readVitest(
      vitestReport({ one: 'passed', two: 'pending', 'three on a GPU': 'skipped', four: 'todo' }),
    );
    expect(checked(skipping, { ok: true, strict: true })).toMatchObject({ passed: 1, failed: 2 });
    const broken = JSON.stringify({
      numPassedTests: 5,
      numFailedTests: 0,
      testResults: [{ name: 'x', status: 'failed', assertionResults: [] }],
    });
    expect(readVitest(broken).failed).toBe(1);
  });

  it('fails where a runner ended without a result', () => {
    expect(checked({ passed: 3, failed: 0, skipped: [] }, { ok: false, strict: false }).failed).toBe(1);
    expect(checked({ passed: 0, failed: 0, skipped: [] }, { ok: true, strict: false }).failed).toBe(1);
    expect(checked({ passed: 3, failed: 0, skipped: [] }, { ok: true, strict: false }).failed).toBe(0);
  });
});
