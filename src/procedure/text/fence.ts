/** The words after the language of a code fence: `step=UNS-04 exit=255 title="…"`. Docusaurus never shows them. */

/** Languages that a reader would run. Each such fence is executed, or says why not. */
export const executableLanguages: readonly string[] = [
  'bash',
  'sh',
  'shell',
  'console',
  'zsh',
  'sql',
  'psql',
];

const known = [
  'title',
  'step',
  'output',
  'exit',
  'timeout',
  'stream',
  'prints',
  'input',
  'noexec',
  'fault',
] as const;
export type FenceKey = (typeof known)[number];

/** Parses the meta of a fence. Throws RangeError with what is wrong. */
export function parseFenceMeta(meta: string): Partial<Record<FenceKey, string>> {
  const found: Partial<Record<FenceKey, string>> = {};
  const rest = meta.replace(
    /([a-z]+)=(?:"([^"]*)"|(\S+))/g,
    (_, name: string, quoted?: string, bare?: string) => {
      if (!known.includes(name as FenceKey)) {
        throw new RangeError(`unknown word "${name}=" after the code fence; known: ${known.join(', ')}`);
      }
      found[name as FenceKey] = quoted ?? bare ?? '';
      return '';
    },
  );
  if (rest.trim() !== '')
    throw new RangeError(`cannot read "${rest.trim()}" after the code fence; wanted name=value`);
  return found;
}
