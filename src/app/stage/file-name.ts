/** `name` without the characters that file systems reserve, at most 80 of them, followed by `ending`. */
export function fileName(name: string, ending: string): string {
  const permitted = name.replace(/[^\p{L}\p{N} ._-]+/gu, '');
  return `${permitted.trim().slice(0, 80) || 'recording'}${ending}`;
}
