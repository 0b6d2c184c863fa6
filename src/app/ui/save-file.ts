/** Downloads a text or a blob as a file. `type` is the MIME type of a text. */
export function saveFile(name: string, content: string | Blob, type = 'application/json'): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Ten seconds are enough for the download to start.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
