/** Progress on stderr: a bar on a terminal, else a line at each tenth. */
import cliProgress from 'cli-progress';

const FORMAT = '{label} [{bar}] {percentage}% | {value}/{total} {unit} | {eta_formatted}';

function bar({ label, total, unit }) {
  const line = new cliProgress.SingleBar({ format: FORMAT, hideCursor: true, etaBuffer: 50 });
  line.start(total, 0, { label, unit });
  return { update: (value) => line.update(Math.min(value, total)), stop: () => line.stop() };
}

function lines({ label, total, unit }) {
  let said = 0;
  const update = (value) => {
    const tenth = total > 0 ? Math.floor((10 * value) / total) : 0;
    if (tenth <= said) return;
    said = tenth;
    console.error(`${label}: ${value}/${total} ${unit}`);
  };
  return { update, stop: () => {} };
}

/** @param {{ label: string, total: number, unit: string }} of */
export function startProgress(of) {
  return process.stderr.isTTY ? bar(of) : lines(of);
}
