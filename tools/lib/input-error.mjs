/** What was asked for cannot be done as asked: the commands print the message and exit with code 2. */
export class InputError extends Error {
  name = 'InputError';
}

/** Prints an error as a command's last words and sets the exit code: 2 for bad input, 1 for what broke. */
export function fail(command, error) {
  const refused = error instanceof InputError;
  console.error(`${command}: ${refused || !process.env.DEBUG ? error.message : error.stack}`);
  process.exitCode = refused ? 2 : 1;
}
