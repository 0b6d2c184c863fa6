/** npm start: prepares the models, builds, serves on localhost and prints the address. */
import { Command } from 'commander';
import { BRIDGE_PATH, openBridge } from './lib/bridge.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { fail } from './lib/input-error.mjs';
import { openOutputs } from './lib/outputs.mjs';
import { portOf, serve } from './lib/serve.mjs';

const PORT = 5180;
/** Where VTube Studio listens unless its user changes it. */
const VTS = 'localhost:8001';

function readArguments() {
  const { vts, bridge } = new Command('start')
    .description('Builds the page and serves it on localhost. The environment variable PORT sets the port.')
    .option('--vts [host:port]', `permit the page to connect to VTube Studio (${VTS})`)
    .option('--bridge <target...>', 'send what the page posts to other programs, for example vmc=127.0.0.1:39539', [])
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
  return { vts: vts === true ? VTS : vts, bridge };
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
  const { vts, bridge } = readArguments();
  const outputs = openOutputs({ vts, bridge });
  const post = bridge.length > 0 ? { path: BRIDGE_PATH, answer: openBridge(bridge).answer } : undefined;
  await ensureBuilt();
  const { origin } = await listen({ ...outputs, ...(post ? { post } : {}) });
  if (post) console.log(`The page may send the face to ${bridge.join(', ')}; switch it on under “Live output”.`);
  if (vts) console.log(`The page may connect to VTube Studio at ${vts}; switch it on under “Live output”.`);
  console.log(`Peekaboo is at ${origin} (stop with Ctrl+C)`);
} catch (error) {
  fail('start', error);
}
