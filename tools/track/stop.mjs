/** Signals that end a run: the first lets the work in progress end and its results be written, the second ends at once. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Listens for SIGINT, SIGTERM and SIGHUP.
 * @returns {{ signal: AbortSignal, exitCode(): number | null, release(): void }}  signal: aborted by the first signal;
 *   exitCode: the code of that signal, null before; release: stops listening
 */
export function listenForStop(write = console.error) {
  const controller = new AbortController();
  let code = null;
  const onSignal = (name) => {
    if (code !== null) process.exit(code);
    code = CODES[name];
    write('track: stopping; results so far are kept. A second signal stops at once.');
    controller.abort();
  };
  for (const name of Object.keys(CODES)) process.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release() {
      for (const name of Object.keys(CODES)) process.off(name, onSignal);
    },
  };
}
