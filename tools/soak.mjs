/** npm run soak: runs the page for minutes under simulated failures and checks for leaks. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { serve } from './lib/serve.mjs';
import { ROUND } from './soak/camera-clip.mjs';
import { judge, table } from './soak/judge.mjs';
import { soak } from './soak/run.mjs';

function readArguments() {
  const program = new Command('soak')
    .description(
      'Runs the page on a looping clip, interrupts faces, devices, camera and tab, and checks recovery and leaks.',
    )
    .option('--minutes <n>', 'duration', Number, 10)
    .option('--bundle <name>', 'name of a bundle in public/models', 'peekaboo')
    .option('--no-webgpu', 'do not test the loss of a real WebGPU device')
    .option('--json <file>', 'write the figures to this file, as JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts();
  if (!(options.minutes > 0)) throw new InputError('--minutes must be a number above 0');
  return options;
}

/** Ten losses in ten minutes, at least one; the clip covers and loses the face once a round. */
function plan({ minutes }) {
  const losses = Math.max(1, Math.round(minutes));
  const rounds = Math.floor((minutes * 60) / ROUND);
  return { losses, rounds };
}

const webGpuWords = ({ ms, provider, error }) =>
  error ?? `the network answered again after ${(ms / 1000).toFixed(1)} s (${provider})`;

async function run() {
  const options = readArguments();
  const { losses, rounds } = plan(options);
  await ensureBuilt();
  const server = await serve();
  try {
    const result = await soak({
      origin: server.origin,
      bundle: options.bundle,
      minutes: options.minutes,
      rounds,
      losses,
      unplugs: Math.max(1, Math.round(options.minutes / 5)),
      hides: Math.max(1, Math.round(options.minutes / 5)),
      webgpu: options.webgpu,
      say: (text) => console.error(text),
    });
    const gates = judge(result, { rounds, losses });
    console.log(`\n${result.frames} frames in ${(result.seconds / 60).toFixed(1)} minutes\n`);
    console.log(table(gates));
    if (result.webgpu) console.log(`\nA WebGPU device destroyed: ${webGpuWords(result.webgpu)}`);
    for (const error of result.errors.slice(0, 10)) console.log(`page: ${error}`);
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ gates, ...result }, null, 1)}\n`);
    process.exitCode = gates.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await server.close();
  }
}

await run().catch((error) => fail('soak', error));
