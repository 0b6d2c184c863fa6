/** Compresses lines of text, each with its line break. */
export async function gzipLines(lines: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const text = new Blob(lines.map((line) => `${line}\n`));
  return new Uint8Array(await new Response(text.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
}

/** The lines that `gzipLines` compressed. Rejects for damaged data. */
export async function gunzipLines(data: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).text()).split('\n').slice(0, -1);
}
