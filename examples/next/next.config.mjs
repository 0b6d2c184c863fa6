// biome-ignore lint/style/noDefaultExport: Next requires it
export default { output: 'export', turbopack: { root: import.meta.dirname } };
