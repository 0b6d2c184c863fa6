/** Invalid input of a command, which prints the message and exits with code 2. */
export class InputError extends Error {
  name = 'InputError';
}

/** Prints an error and sets the exit code: 2 for invalid input, 1 for a failure. */
export function fail(command, error) {
  const refused = error instanceof InputError;
  console.error(`${command}: ${refused || !process.env.DEBUG ? error.message : error.stack}`);
  process.exitCode = refused ? 2 : 1;
}
