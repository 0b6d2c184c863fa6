import { build, type Rollup } from 'vite';

/** A double of test/browser, NAME.ts, with all that it imports as one script, in memory. Throws where it cannot be built. */
export async function bundleDouble(name: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      rollupOptions: {
        input: `test/browser/${name}.ts`,
        output: { codeSplitting: false, entryFileNames: `${name}.js` },
      },
    },
  })) as Rollup.RollupOutput;
  const script = built.output.find((part) => part.type === 'chunk' && part.isEntry);
  if (script?.type !== 'chunk') throw new Error(`test/browser/${name}.ts was not built`);
  return script.code;
}
