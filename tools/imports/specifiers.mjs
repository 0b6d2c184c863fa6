/** Finds the imports of TypeScript, JavaScript and Python sources. */
import { parseSync } from 'vite';

/** Nodes of the syntax tree whose `source` is a string literal name another module. */
const WITH_SOURCE = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function* nodesOf(value) {
  if (typeof value !== 'object' || value === null) return;
  if (typeof value.type === 'string') yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** The first argument of `new URL(name, import.meta.url)`, which is how workers are imported. */
function urlArgument({ type, callee, arguments: given }) {
  const isUrl = type === 'NewExpression' && callee.name === 'URL' && given[1]?.object?.type === 'MetaProperty';
  return isUrl ? given[0] : undefined;
}

/**
 * Module specifiers that a source imports, types included, in the order of the source.
 * @param {string} file  its ending selects the language
 * @param {string} code
 * @returns {string[]}
 * @throws {SyntaxError} when the source cannot be parsed
 */
export function specifiersOf(file, code) {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const found = [];
  for (const node of nodesOf(program)) {
    const source = WITH_SOURCE.has(node.type) ? node.source : urlArgument(node);
    if (typeof source?.value === 'string') found.push(source.value);
  }
  return found;
}

const PYTHON_FROM = /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)/gm;
const PYTHON_IMPORT = /^[ \t]*import[ \t]+([\w., \t]+)/gm;

const withoutAlias = (text) => text.replace(/#.*$/gm, '').replace(/\bas\s+\w+/g, '');
const words = (text) => withoutAlias(text).match(/[\w.]+/g) ?? [];

/**
 * Python modules that a source may import: for `from a.b import c` both `a.b.c` and `a.b`, as c can be either a module
 * or a name of one. Leading dots of relative imports are kept.
 * @returns {string[][]} candidates of each import, the longest first
 */
export function pythonModulesOf(code) {
  const found = [];
  for (const [, module, names] of code.matchAll(PYTHON_FROM)) {
    const prefix = /^\.*$/.test(module) ? module : `${module}.`;
    for (const name of words(names)) found.push([`${prefix}${name}`, module]);
  }
  for (const [, names] of code.matchAll(PYTHON_IMPORT)) found.push(...words(names).map((name) => [name]));
  return found;
}
