/** Files from and to the reader's disk, without a server. */

/** Offers a JSON text as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Text of the file that was picked. Throws RangeError when there is none, or one beyond `limit` bytes, or not of text. */
export async function pickedText(input: HTMLInputElement, limit: number): Promise<string> {
  const file = input.files?.[0];
  if (file === undefined) throw new RangeError('no file was chosen');
  if (file.size > limit) throw new RangeError(`it is larger than ${limit} bytes`);
  const bytes = await file.arrayBuffer();
  // The same file can be picked again after it was changed.
  input.value = '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError('it is not text');
  }
}
