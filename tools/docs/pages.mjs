/** The pages of the site as Markdown with titles, for TypeDoc. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { ROOT } from '../package/contents.mjs';
import { EXAMPLES } from '../package/examples.mjs';

/** The first page. */
export const START = 'docs/package.md';

/** Documents by their group in the navigation. */
export const DOCUMENTS = {
  Guides: ['first-face', 'bundlers', 'engines', 'mediapipe', 'offline', 'csp', 'licence', 'performance'].map(
    (name) => `docs/guides/${name}.md`,
  ),
  Reference: ['events', 'filters', 'avatars', 'smoothing', 'formats', 'figures'].map((name) => `docs/${name}.md`),
};

const LINK = /\[([^\]]+)\]\(([^()\s]+)\)/g;
const IMAGE = /!\[([^\]]*)\]\(([^()\s]+)\)/g;
const HEADING = /^# (.+)$/m;

const isIncluded = (file) => file === START || Object.values(DOCUMENTS).flat().includes(file);
const pageOf = (name) => `docs/examples/${name}.md`;
const relativePath = (from, to) => posix.relative(posix.dirname(from), to);

/** Links to pages of the site stay, those to examples lead to their pages, and others become text. */
function withLinks(file, text) {
  const link = (whole, label, target) => {
    if (/^(https?:|mailto:|#)/.test(target)) return whole;
    const [path, anchor] = target.split('#');
    const found = posix.join(posix.dirname(file), path);
    const example = /^examples\/([\w-]+)/.exec(found)?.[1];
    if (example) return `[${label}](${relativePath(file, pageOf(example))})`;
    return isIncluded(found) ? `[${label}](${path}${anchor ? `#${anchor}` : ''})` : label;
  };
  return text.replace(IMAGE, '$1').replace(LINK, link);
}

const withTitle = (title, group, text) => `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n\n${text}`;

function write(folder, file, text) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const language = {
  '.cjs': 'js',
  '.mjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.html': 'html',
  '.json': 'json',
  '.js': 'js',
};

function sourceOf(name, source) {
  const text = readFileSync(join(ROOT, 'examples', name, source), 'utf8').trimEnd();
  return `\`examples/${name}/${source}\`\n\n\`\`\`${language[extname(source)]}\n${text}\n\`\`\``;
}

/** The running example beside its code, or above it, because browsers do not run what is out of sight; `page`: its address below the site's folder of examples, none where it does not run. */
function exampleText(name, page) {
  const { title, sources } = EXAMPLES[name];
  const address = `../examples/${page}`;
  const frame = `<div class="example-running">
<iframe src="${address}" title="${title}, running" allow="camera" loading="lazy"></iframe>
<p>It runs on the sample clip. <a href="${address}#camera" target="_blank">Open it with your camera</a>.</p>
</div>`;
  const code = `<div class="example-code">\n\n${sources.map((source) => sourceOf(name, source)).join('\n\n')}\n\n</div>`;
  const running = page ? frame : '<p>This example does not run on this site.</p>';
  return `<div class="example">\n\n${running}\n\n${code}\n\n</div>`;
}

/**
 * Writes all pages below a folder.
 * @param {string} folder
 * @param {Record<string, string>} examplePages  addresses of the running examples
 * @returns {{ start: string, documents: string[] }} paths
 */
export function writePages(folder, examplePages) {
  const read = (file) => withLinks(file, readFileSync(join(ROOT, file), 'utf8'));
  const documents = Object.entries(DOCUMENTS).flatMap(([group, files]) =>
    files.map((file) => {
      const text = read(file);
      return write(folder, file, withTitle(HEADING.exec(text)?.[1] ?? file, group, text));
    }),
  );
  const examples = Object.keys(EXAMPLES).map((name) =>
    write(folder, pageOf(name), withTitle(EXAMPLES[name].title, 'Examples', exampleText(name, examplePages[name]))),
  );
  return { start: write(folder, START, read(START)), documents: [...documents, ...examples] };
}
