import { spawn } from 'node:child_process';

export interface Screen {
  /** Value of DISPLAY. */
  readonly display: string;
  close(): void;
}

/** Starts a virtual screen of 1400 × 900 pixels on a free display. */
export function startXvfb(program: string): Promise<Screen> {
  const args = ['-screen', '0', '1400x900x24', '+extension', 'GLX', '-nolisten', 'tcp', '-displayfd', '3'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    child.stdio[3]?.once('data', (number: Buffer) =>
      resolve({ display: `:${number.toString().trim()}`, close: () => void child.kill() }),
    );
  });
}
