import { parseFrame, type RecordedFrame } from './recorded-frame';
import { RecordingError } from './recording-error';
import { isHeader, newHeader, parseHeader, type RecordingHeader } from './recording-header';
import type { RecordingStore } from './recording-store';
import type { HeaderChange } from './recording-writer';

/** Longest line that is read; a frame with eight faces and all points has 200,000 characters. */
const LONGEST = 4_000_000;

/** `isWhole` is false for a last line without its line break. */
type Lines = AsyncGenerator<{ readonly text: string; readonly isWhole: boolean }, void, undefined>;

/** The lines of a text file, without empty ones. */
async function* linesOf(file: Blob, name: string): Lines {
  let rest = '';
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST) throw notARecording(name);
      for (const text of lines) if (text.trim() !== '') yield { text, isWhole: true };
    }
    if (rest.trim() !== '') yield { text: rest, isWhole: false };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function notARecording(name: string): RecordingError {
  return new RecordingError('damaged', `${name} is no recording of Peekaboo (.jsonl); nothing was changed.`);
}

/**
 * The frames of a recording or of a frames.jsonl, one by one. Throws RecordingError at a damaged line, and for a recording
 * of another version.
 */
export async function* framesOfFile(file: Blob, name: string): AsyncGenerator<RecordedFrame, void, undefined> {
  let number = 0;
  for await (const { text } of linesOf(file, name)) {
    number += 1;
    if (number === 1 && headerIn(text)) continue;
    yield parseFrame(text, `Line ${number} of ${name}`);
  }
}

/** What was read of a file. */
export interface ImportResult {
  readonly id: string;
  readonly frames: number;
  /** What could not be read, for the user; null for nothing. */
  readonly fault: string | null;
}

/**
 * Copies a recording, or a frames.jsonl, from a file to the storage, under a new identifier. Memory holds some lines at a
 * time. A file that is damaged or cut off from a line on is read up to there. Rejects with RecordingError, and stores
 * nothing, for a file without frames, for another version, and where the storage is full.
 */
export async function importRecording(store: RecordingStore, file: Blob, name: string): Promise<ImportResult> {
  const lines = linesOf(file, name);
  try {
    return await copyRecording(store, lines, name);
  } finally {
    // Closes the file where it was not read to its end.
    await lines.return();
  }
}

async function copyRecording(store: RecordingStore, lines: Lines, name: string): Promise<ImportResult> {
  const first = await lines.next();
  if (first.done) throw notARecording(name);
  const { header, frame } = readFirst(first.value.text, name);
  const writer = await store.create({ ...header, id: crypto.randomUUID(), state: 'recording' });
  try {
    if (frame) await writer.append(first.value.text, frame.time);
    const fault = await copyLines(lines, name, frame ? 2 : 1, (line, { time }) => writer.append(line, time));
    if (writer.frames === 0) throw notARecording(name);
    await writer.finish();
    const isCut = fault === null && header.state === 'recording';
    return {
      id: writer.id,
      frames: writer.frames,
      fault: isCut ? `${name} was interrupted while it was recorded.` : fault,
    };
  } catch (error) {
    await store.delete(writer.id).catch(() => undefined);
    throw error;
  }
}

/** The header, where the text is one; undefined for other text. Throws RecordingError for a wrong header. */
function headerIn(text: string): RecordingHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isHeader(value) ? parseHeader(value) : undefined;
}

/** The header; for a frames.jsonl, one made of its first frame, and that frame. Throws RecordingError. */
function readFirst(text: string, name: string): { header: RecordingHeader; frame?: RecordedFrame } {
  const header = headerIn(text);
  if (header) return { header };
  try {
    const frame = parseFrame(text, `Line 1 of ${name}`);
    const { width, height, fov, file } = frame;
    const facts = { name: name.replace(/\.jsonl$/, ''), source: { kind: 'video', name: file } as const, bundle: '' };
    return { header: { ...newHeader({ ...facts, width, height, fov }), state: 'complete' }, frame };
  } catch {
    throw notARecording(name);
  }
}

/** Returns what could not be read. `first`: number of the first line. */
async function copyLines(
  lines: Lines,
  name: string,
  first: number,
  append: (line: string, frame: RecordedFrame) => Promise<void>,
): Promise<string | null> {
  let number = first;
  for await (const { text, isWhole } of lines) {
    let frame: RecordedFrame;
    try {
      frame = parseFrame(text, `Line ${number} of ${name}`);
    } catch (error) {
      const reason = isWhole && error instanceof RecordingError ? error.message : `${name} is cut off.`;
      return `${reason} The ${number - 1} lines before it were read.`;
    }
    await append(text, frame);
    number += 1;
  }
  return null;
}

/** The recording as a file: its header with `change`, then its frames. Rejects with RecordingError. */
export async function recordingFile(store: RecordingStore, id: string, change: HeaderChange = {}): Promise<Blob> {
  const { frames, start, end, bytes, updated, ...header } = await store.info(id);
  const parts: Blob[] = [];
  let lines = [`${JSON.stringify({ ...header, ...change })}\n`];
  for await (const line of store.lines(id)) {
    if (lines.push(`${line}\n`) < 500) continue;
    // A blob may leave memory, strings may not.
    parts.push(new Blob(lines));
    lines = [];
  }
  return new Blob([...parts, ...lines], { type: 'application/jsonl' });
}
