/** frames.csv and faces.npz, made from frames.jsonl when a run ends. */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { columnsOf, fieldsOf, namesOf } from './face-table.mjs';
import { float32Npy, float64Npy, int32Npy, textNpy, writeNpz } from './npy.mjs';

const FRAME_COLUMNS = ['file', 'index', 'time', 'width', 'height', 'face'];

/** The lines of frames.jsonl, one object each. */
async function* readFrames(folder) {
  const input = createReadStream(join(folder, 'frames.jsonl'), 'utf8');
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield JSON.parse(line);
}

/** The fields of the first face; empty where no frame has a face. */
async function firstFields(folder) {
  for await (const { faces } of readFrames(folder)) if (faces.length > 0) return fieldsOf(faces[0]);
  return [];
}

/** A value for CSV: quoted where necessary (RFC 4180). */
const quote = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value);

/** One row for each face; a row without values of a face for a frame without faces. */
async function writeCsv(folder, fields) {
  const file = openSync(join(folder, 'frames.csv'), 'w');
  const columns = fields.flatMap(columnsOf);
  const write = (values) => writeSync(file, `${values.map(quote).join(',')}\n`);
  try {
    write([...FRAME_COLUMNS, ...columns]);
    for await (const { file: name, index, time, width, height, faces } of readFrames(folder)) {
      const frame = [name, index, time, width, height];
      if (faces.length === 0) write([...frame, '', ...columns.map(() => '')]);
      faces.forEach((face, i) => {
        write([...frame, i, ...fields.flatMap(({ read }) => read(face))]);
      });
    }
  } finally {
    closeSync(file);
  }
}

/** Collects numbers; the memory doubles when it is full. */
function createColumn(Type) {
  let data = new Type(1024);
  let length = 0;
  return {
    add(values) {
      while (length + values.length > data.length) {
        const larger = new Type(2 * data.length);
        larger.set(data);
        data = larger;
      }
      data.set(values, length);
      length += values.length;
    },
    values: () => data.slice(0, length),
  };
}

async function writeArrays(folder, fields) {
  const files = [];
  const [times, sizes, indices] = [createColumn(Float64Array), createColumn(Int32Array), createColumn(Int32Array)];
  const frameOf = createColumn(Int32Array);
  const columns = fields.map(({ isInteger }) => createColumn(isInteger ? Int32Array : Float32Array));
  for await (const { file, index, time, width, height, faces } of readFrames(folder)) {
    frameOf.add(faces.map(() => files.length));
    for (const face of faces) for (const [i, { read }] of fields.entries()) columns[i].add(read(face));
    files.push(file);
    times.add([time]);
    indices.add([index]);
    sizes.add([width, height]);
  }
  const count = frameOf.values().length;
  writeNpz(join(folder, 'faces.npz'), arrays());

  function* arrays() {
    yield ['frame_file', textNpy(files)];
    yield ['frame_index', int32Npy([files.length], indices.values())];
    yield ['frame_time', float64Npy([files.length], times.values())];
    yield ['frame_size', int32Npy([files.length, 2], sizes.values())];
    yield ['frame', int32Npy([count], frameOf.values())];
    for (const [i, { name, shape, isInteger }] of fields.entries()) {
      const write = isInteger ? int32Npy : float32Npy;
      yield [name, write([count, ...shape], columns[i].values())];
    }
    for (const [name, labels] of Object.entries(namesOf(fields))) yield [name, textNpy(labels)];
  }
}

/**
 * Writes the tables that are requested for the results in a folder.
 * @param {string} folder
 * @param {{ csv?: boolean, npz?: boolean }} options
 */
export async function writeTables(folder, { csv = false, npz = false }) {
  if (!csv && !npz) return;
  const fields = await firstFields(folder);
  if (csv) await writeCsv(folder, fields);
  if (npz) await writeArrays(folder, fields);
}
