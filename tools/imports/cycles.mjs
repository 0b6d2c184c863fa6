/**
 * Import cycles. An import of types counts as one of values.
 * @param {Map<string, readonly string[]>} graph  file to the files it imports
 * @returns {string[][]} each cycle as a list of files that begins and ends with the same one
 */
export function findCycles(graph) {
  const cycles = [];
  const state = new Map();
  const visit = (file, path) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
