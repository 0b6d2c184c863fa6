/** Progress on stderr: a bar on a terminal, otherwise a line every ten seconds. */
import cliProgress from 'cli-progress';

const FORMAT = '{label} [{bar}] {percentage}% | {value}/{total} {unit} | {eta_formatted}';
/** Milliseconds between lines. */
const PERIOD = 10_000;

function bar({ label, total, unit }) {
  const bars = new cliProgress.MultiBar({ format: FORMAT, hideCursor: true, etaBuffer: 50, gracefulExit: false });
  const line = bars.create(total, 0, { label, unit });
  return {
    update: (value) => line.update(Math.min(value, total)),
    log: (text) => bars.log(`${text}\n`),
    stop: () => bars.stop(),
  };
}

/** Hours, minutes and seconds without leading zeros: 2 h 5 min, 3 min 20 s, 12 s. */
export function spell(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.ceil(seconds)} s`;
}

/** `offset`: what an earlier run has done, which says nothing about the speed of this one. */
function lines({ label, total, unit, offset = 0 }, now, write) {
  const start = now();
  let last = start;
  const update = (value) => {
    const time = now();
    if (time - last < PERIOD) return;
    last = time;
    const left = value > offset ? ((time - start) / 1000 / (value - offset)) * Math.max(0, total - value) : 0;
    const share = total > 0 ? ` (${Math.floor((100 * Math.min(value, total)) / total)} %), ${spell(left)} left` : '';
    write(`${label}: ${value}/${total} ${unit}${share}`);
  };
  return { update, log: write, stop: () => {} };
}

/**
 * Shows the progress of one input. `log` prints a line without disturbing the bar.
 * @param {{ label: string, total: number, unit: string, offset?: number }} of
 * @param {{ isTerminal?: boolean, now?: () => number, write?: (text: string) => void }} [to]
 * @returns {{ update(value: number): void, log(text: string): void, stop(): void }}
 */
export function startProgress(
  of,
  { isTerminal = process.stderr.isTTY === true, now = () => performance.now(), write = console.error } = {},
) {
  return isTerminal ? bar(of) : lines(of, now, write);
}
