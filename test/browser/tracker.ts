import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { inject } from 'vitest';
import type { Line } from './checks';
import type { Rgba } from './pictures';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Creates a new temporary folder. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'peekaboo-track-'));
}

/** Runs the headless tracker's command, with the tests' bundle unless the arguments name one. */
export function runTrack(args: readonly string[]): Promise<Run> {
  const bundle = args.includes('--bundle') ? [] : ['--bundle', inject('bundle')];
  return new Promise((resolve) => {
    execFile(process.execPath, ['tools/track.mjs', ...args, ...bundle], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

/** Runs the command and sends it a signal as soon as frames.jsonl in `out` has `lines` lines. */
export function interruptTrack(
  args: readonly string[],
  out: string,
  lines: number,
  signal: NodeJS.Signals,
): Promise<Run> {
  const child = execFile(process.execPath, ['tools/track.mjs', ...args, '--bundle', inject('bundle')]);
  const run = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text) => {
    run.stdout += text;
  });
  child.stderr?.on('data', (text) => {
    run.stderr += text;
  });
  const path = join(out, 'frames.jsonl');
  const timer = setInterval(() => {
    if (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length <= lines) return;
    clearInterval(timer);
    child.kill(signal);
  }, 50);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code: code ?? 1, ...run });
    });
  });
}

/** Like runTrack, but throws with the tracker's output if it fails. */
export async function track(args: readonly string[]): Promise<Run> {
  const run = await runTrack(args);
  if (run.code !== 0) throw new Error(`track ${args.join(' ')} ended with ${run.code}: ${run.stderr}`);
  return run;
}

/** Writes named pictures into a folder and returns the folder. */
export function writePictures(folder: string, pictures: Readonly<Record<string, Buffer | string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(pictures)) writeFileSync(join(folder, name), bytes);
  return folder;
}

export function readLines(out: string): (Line & Record<string, unknown>)[] {
  const text = readFileSync(join(out, 'frames.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

export function readMask(out: string, name: string): Rgba {
  return PNG.sync.read(readFileSync(join(out, 'masks', `${name}.png`)));
}
