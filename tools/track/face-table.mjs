/** The columns of frames.csv and the arrays of faces.npz: what a face of frames.jsonl contains, as flat lists of numbers. */

const AXES = ['x', 'y', 'z'];
const QUATERNION = [...AXES, 'w'];
const STATES = ['found', 'tracked', 'held'];
const numbered = (count) => Array.from({ length: count }, (_, i) => i);
const points = (count, axes) => numbered(count).flatMap((i) => axes.map((axis) => `${i}_${axis}`));

/**
 * @typedef {object} Field
 * @property {string} name  of the array; the columns are NAME_LABEL
 * @property {number[]} shape  of one face
 * @property {(string | number)[]} labels  one for each number; empty for a single number
 * @property {(face: any) => number[]} read
 * @property {boolean} [isInteger]
 */

/**
 * The fields of a face. The names of expressions and regions are those of the first face.
 * @param {any} face  of frames.jsonl
 * @returns {Field[]}
 */
export function fieldsOf(face) {
  const expressions = Object.keys(face.coefficients.expression);
  const regions = Object.keys(face.visibility);
  const single = (name, read) => ({ name, shape: [], labels: [], read: (one) => [read(one)] });
  const list = (name, labels, read) => ({ name, shape: [labels.length], labels, read });
  const fields = [
    { ...single('id', ({ id }) => id), isInteger: true },
    { ...single('state', ({ state }) => STATES.indexOf(state)), isInteger: true },
    single('presence', ({ presence }) => presence),
    list('pose_rotation', QUATERNION, ({ pose }) => pose.rotation),
    list('pose_translation', AXES, ({ pose }) => pose.translation),
    list('camera_rotation', QUATERNION, ({ camera }) => camera.rotation),
    list('camera_centre', ['x', 'y'], ({ camera }) => camera.centre),
    single('camera_scale', ({ camera }) => camera.scale),
    single('camera_distance', ({ camera }) => camera.distance),
    list('crop', ['centreX', 'centreY', 'side', 'angle'], ({ crop }) => Object.values(crop)),
    list('expression', expressions, ({ coefficients }) => expressions.map((name) => coefficients.expression[name])),
    list('visibility', regions, ({ visibility }) => regions.map((name) => visibility[name])),
    list('identity', numbered(80), ({ coefficients }) => coefficients.identity),
    list('albedo', numbered(10), ({ coefficients }) => coefficients.albedo),
    list('light', numbered(27), ({ coefficients }) => coefficients.light),
    { name: 'points68', shape: [68, 2], labels: points(68, ['x', 'y']), read: (one) => one.points68.flat() },
  ];
  if (!face.points478) return fields;
  return [
    ...fields,
    { name: 'points478', shape: [478, 3], labels: points(478, AXES), read: (one) => one.points478.flat() },
  ];
}

/** The names of the columns of a field. */
export const columnsOf = ({ name, labels }) =>
  labels.length === 0 ? [name] : labels.map((label) => `${name}_${label}`);

/** The names of the numbers in the arrays `state`, `expression` and `visibility`. */
export function namesOf(fields) {
  const labels = (wanted) => fields.find(({ name }) => name === wanted)?.labels ?? [];
  return { state_names: STATES, expression_names: labels('expression'), visibility_names: labels('visibility') };
}
