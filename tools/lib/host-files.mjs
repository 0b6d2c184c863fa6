/** Settings of static hosts: the headers of headers.json, immutable files with a hash in their name, compressed copies. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADERS } from './serve.mjs';
import { IMMUTABLE } from './served-file.mjs';

const entries = Object.entries(HEADERS);

/** Netlify and Cloudflare Pages. Files without a rule are revalidated there. */
function netlify() {
  const lines = entries.map(([name, value]) => `  ${name}: ${value}`);
  return ['/*', ...lines, '', '/assets/*', `  Cache-Control: ${IMMUTABLE}`, ''].join('\n');
}

/** Vercel. */
function vercel() {
  const headers = entries.map(([key, value]) => ({ key, value }));
  const rules = [
    { source: '/(.*)', headers },
    { source: '/assets/(.*)', headers: [{ key: 'Cache-Control', value: IMMUTABLE }] },
  ];
  return `${JSON.stringify({ headers: rules }, null, 2)}\n`;
}

const MODULE_TYPES = { mjs: 'text/javascript', wasm: 'application/wasm', webmanifest: 'application/manifest+json' };

/** Apache 2.4 with mod_headers, mod_mime and mod_rewrite. */
function apache() {
  const types = Object.entries(MODULE_TYPES).map(([ending, type]) => `AddType ${type} .${ending}`);
  const coding = (name, ending) => [
    `  RewriteCond %{HTTP:Accept-Encoding} \\b${name}\\b`,
    '  RewriteCond %{HTTP:Range} =""',
    `  RewriteCond %{REQUEST_FILENAME}.${ending} -s`,
    `  RewriteRule ^(.+)$ $1.${ending} [QSA,L]`,
  ];
  const copies = (name, ending) => [
    `<FilesMatch "\\.${ending}$">`,
    `  Header set Content-Encoding ${name}`,
    `  RemoveType .${ending}`,
    `  RemoveEncoding .${ending}`,
    '</FilesMatch>',
  ];
  return [
    ...types,
    'AddType model/gltf-binary .glb',
    'RemoveLanguage .br',
    '<IfModule mod_headers.c>',
    ...entries.map(([name, value]) => `  Header always set ${name} "${value}"`),
    '  Header set Cache-Control no-cache',
    `  <If "%{REQUEST_URI} =~ m#/assets/[^/]+$#">`,
    `    Header set Cache-Control "${IMMUTABLE}"`,
    '  </If>',
    '  Header merge Vary Accept-Encoding',
    '</IfModule>',
    '<IfModule mod_rewrite.c>',
    '  RewriteEngine On',
    ...coding('br', 'br'),
    ...coding('gzip', 'gz'),
    '</IfModule>',
    ...copies('br', 'br'),
    ...copies('gzip', 'gz'),
    '',
  ].join('\n');
}

/** nginx: a server block. `add_header` is inherited only by blocks without their own. */
function nginx() {
  const lines = (indent) => entries.map(([name, value]) => `${indent}add_header ${name} "${value}" always;`);
  return [
    '# Put this file into /etc/nginx/conf.d and the built site into /usr/share/nginx/html.',
    'server {',
    '    listen 80;',
    '    root /usr/share/nginx/html;',
    '    index index.html;',
    '    gzip_static on;',
    '    include /etc/nginx/mime.types;',
    '    types {',
    ...Object.entries(MODULE_TYPES).map(([ending, type]) => `        ${type} ${ending};`),
    '    }',
    '    add_header Cache-Control no-cache always;',
    ...lines('    '),
    '    location /assets/ {',
    `        add_header Cache-Control "${IMMUTABLE}";`,
    ...lines('        '),
    '    }',
    '}',
    '',
  ].join('\n');
}

/** Caddy, which the container runs. */
function caddy() {
  return [
    '# Put the built site into /srv.',
    ':8080 {',
    '\troot * /srv',
    '\theader {',
    ...entries.map(([name, value]) => `\t\t${name} "${value}"`),
    '\t\tCache-Control no-cache',
    '\t}',
    `\theader /assets/* Cache-Control "${IMMUTABLE}"`,
    '\tfile_server {',
    '\t\tprecompressed br gzip',
    '\t}',
    '}',
    '',
  ].join('\n');
}

/** Files inside a built site, by name. */
export const SITE_FILES = { _headers: netlify(), 'vercel.json': vercel(), '.htaccess': apache() };
/** Files of the folder `hosting`, by name. */
export const HOSTING_FILES = { 'nginx.conf': nginx(), Caddyfile: caddy() };

/** Writes the settings of hosts that read them from the site itself. */
export function writeHostFiles(site) {
  for (const [name, text] of Object.entries(SITE_FILES)) writeFileSync(join(site, name), text);
}
