/** npm start: prepares the models, builds, serves on localhost and prints the address. */
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { fail } from './lib/input-error.mjs';
import { openOutputs } from './lib/outputs.mjs';
import { portOf, serve } from './lib/serve.mjs';

const PORT = 5180;
/** Where VTube Studio listens unless its user changes it. */
const VTS = 'localhost:8001';

function readArguments() {
  const { vts } = new Command('start')
    .description('Builds the page and serves it on localhost. The environment variable PORT sets the port.')
    .option('--vts [host:port]', `permit the page to connect to VTube Studio (${VTS})`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
  return { vts: vts === true ? VTS : vts };
}

/** Listens on the default port, or on a free one if it is taken. A PORT in the environment is used as it is. */
async function listen(options) {
  if (process.env.PORT) return serve({ ...options, port: portOf(process.env.PORT) });
  try {
    return await serve({ ...options, port: PORT });
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return serve(options);
  }
}

try {
  const { vts } = readArguments();
  const outputs = openOutputs({ vts });
  await ensureBuilt();
  const { origin } = await listen(outputs);
  if (vts) console.log(`The page may connect to VTube Studio at ${vts}; switch it on under “Live output”.`);
  console.log(`Peekaboo is at ${origin} (stop with Ctrl+C)`);
} catch (error) {
  fail('start', error);
}
