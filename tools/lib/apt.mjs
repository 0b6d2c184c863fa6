/** Installs packages of Debian, with sudo where the user is not root. */
import { spawnSync } from 'node:child_process';

const succeeds = ([command, ...args]) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/**
 * Returns without an error where apt is missing or fails: callers look for the program afterwards.
 * @param {readonly string[]} packages
 */
export function aptInstall(packages) {
  const apt = [...(process.getuid?.() === 0 ? [] : ['sudo', '-n']), 'apt-get'];
  if (succeeds([...apt, 'update'])) succeeds([...apt, 'install', '-y', '--no-install-recommends', ...packages]);
}
