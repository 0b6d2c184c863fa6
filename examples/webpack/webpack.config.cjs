const { cpSync } = require('node:fs');

module.exports = {
  entry: './src/main.js',
  experiments: { topLevelAwait: true },
  plugins: [{ apply: (compiler) => compiler.hooks.done.tap('page', () => cpSync('index.html', 'dist/index.html')) }],
};
