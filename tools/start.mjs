/** npm start: prepares the models, builds, serves on localhost and prints the address. */
import { ensureBuilt } from './lib/build.mjs';
import { fail } from './lib/input-error.mjs';
import { portOf, serve } from './lib/serve.mjs';

const PORT = 5180;

/** Listens on the default port, or on a free one if it is taken. A PORT in the environment is used as it is. */
async function listen() {
  if (process.env.PORT) return serve({ port: portOf(process.env.PORT) });
  try {
    return await serve({ port: PORT });
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return serve();
  }
}

try {
  await ensureBuilt();
  const { origin } = await listen();
  console.log(`Peekaboo is at ${origin} (stop with Ctrl+C)`);
} catch (error) {
  fail('start', error);
}
