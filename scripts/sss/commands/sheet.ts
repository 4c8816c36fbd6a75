/** `sss sheet`: one self-contained page for a paper shard: QR code (ISO/IEC 18004, level H), text, instructions. */
import { encodeQR } from 'qr';
import { printShard } from '../../../src/shard/format';
import type { Manifest } from '../../../src/shard/manifest';
import { type Command, printable } from '../command';
import { readManifest, refuseExisting, writeNewFile } from '../files';
import { inFile, type ListedFile, readListed, wipeShards } from '../shard-file';

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// Works on A4 and Letter: no page size is set, and the content fits into both.
const STYLE = `@page{margin:14mm}
*{box-sizing:border-box}
body{margin:0 auto;max-width:180mm;background:#fff;color:#000;font:10.5pt/1.4 Georgia,"Times New Roman",serif}
h1{font-size:15pt;margin:0 0 1mm}h2{font-size:11pt;margin:4mm 0 1mm}p,ol{margin:0 0 1.5mm}ol{padding-left:6mm}
.test{border:1.2mm solid #000;font:bold 15pt/1.6 monospace;text-align:center;margin-bottom:3mm}
.top{display:flex;gap:6mm;align-items:flex-start}.top svg{width:66mm;height:66mm;flex:none}
.label{font:bold 24pt/1.2 monospace}
pre{font:bold 13pt/1.7 "Courier New",monospace;border:.3mm solid #000;padding:2mm 3mm;margin:3mm 0}
pre span::before{content:attr(data-group);display:inline-block;width:8mm;font-weight:normal;font-size:8pt}
table{width:100%;table-layout:fixed;border-collapse:collapse}td{border:.2mm solid #000;height:11mm;padding:0 2mm;font-size:9pt}
td:nth-child(odd){width:24mm}`;

const FIELDS = [
  'Bag serial',
  'Safe and site',
  'Printed (date, UTC)',
  'Scanned back by',
  'Custodian',
  'Witness',
];

function steps(manifest: Manifest): string[] {
  const { threshold, total } = manifest;
  return [
    `Alone this sheet reveals nothing and opens nothing. Any ${threshold} of the ${total} shards together recover the key, so keep them apart.`,
    'If you found this sheet: do not photograph, copy or type it. Put it back into its bag and tell the people named in the runbook. If nobody answers, keep it locked away.',
    `To recover, bring ${threshold} shards to a computer without any network. Read the QR code with an offline scanner, or type the line in the frame (capitals or small letters; spaces do not matter; it never holds the letters B, I and O, and the digit 1 only once), one file a shard. The small number before each row counts its first group.`,
    'Run: sss combine --manifest manifest.json --out master.key, followed by the files. Without sss: python3 recover.py --out master.key, followed by the files.',
    'Without either program: the line is bech32m (BIP-350, prefix mks). Its bytes: version and flags (1), M (1), N (1), generation (2), set id (8), check value (4), then the share y_1 … y_L and last x. Interpolate each y in GF(2^8) modulo 0x11B at x = 0. The check value is the start of HMAC-SHA-256(key, "mks/v1/kcv" followed by the first 13 bytes).',
  ];
}

const GROUPS = 6;

/** The line in groups of five; a number before each row says which group begins it, as `sss locate` counts them. */
const rows = (line: string): string =>
  printShard(line, GROUPS)
    .split('\n')
    .map((row, i) => `<span data-group="${1 + i * GROUPS}">${row}</span>`)
    .join('\n');

/** The page; everything in it is inside the file, and there is no script. */
function page(manifest: Manifest, { line, entry }: ListedFile): string {
  const { keyName, threshold, generation, setId, test, commitment } = manifest;
  const facts = [
    `Key ${keyName}, ${manifest.keyBytes} bytes`,
    `Generation ${generation}, set ${setId}`,
    `Recovery needs ${threshold} of ${manifest.total} shards`,
    `Holder: ${entry.holder}`,
    `SHA-256 of the line: ${entry.sha256.slice(0, 16)} …`,
    `Check value ${commitment.slice(0, 8)}`,
  ];
  const svg = encodeQR(line.toUpperCase(), 'svg', { ecc: 'high', border: 4, encoding: 'alphanumeric' });
  const kind = test ? '<p class="test">TEST. Protects nothing. Never use it for a real key.</p>\n' : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>Shard ${entry.label}${test ? ' (TEST)' : ''}</title>
<style>${STYLE}</style></head><body>
${kind}<div class="top">${svg.replace('<svg ', '<svg role="img" aria-label="QR code of the shard line" shape-rendering="crispEdges" ')}<div>
<h1>Shard ${entry.number} of ${manifest.shards.length}</h1>
<p class="label">${entry.label}</p>
${facts.map((fact) => `<p>${escapeHtml(fact)}</p>`).join('\n')}
</div></div>
<pre>${rows(line)}</pre>
<h2>What this is, and what to do with it</h2>
<ol>${steps(manifest)
    .map((text) => `<li>${escapeHtml(text)}</li>`)
    .join('\n')}</ol>
<h2>Custody</h2>
<table>${[0, 2, 4].map((i) => `<tr><td>${FIELDS[i]}</td><td></td><td>${FIELDS[i + 1]}</td><td></td></tr>`).join('\n')}</table>
</body></html>
`;
}

export const sheet: Command = {
  name: 'sheet',
  summary: 'make the printable page of a paper shard',
  files: { name: 'SHARD', min: 1, max: 1, help: 'A shard file of the set.' },
  options: [
    { name: 'manifest', value: 'FILE', required: true, help: 'The manifest of the set.' },
    { name: 'out', value: 'FILE', required: true, help: 'New HTML file (0600); as secret as the shard.' },
  ],
  details: [
    'Checks the shard against the manifest and writes one page, black on white, for A4 and Letter: QR code at level H (read back with a sixth of its area lost), the line in groups of five, label and generation, instructions for a reader who knows nothing, and fields for custody. Print it on a printer without network and memory, scan the print back with sss scan on another device, and compare with sss verify before the bag is sealed.',
  ],
  example: {
    command: 'sss sheet --manifest manifest.json --out sheet-5.html shard-5.txt',
    output: 'sheet-5.html: shard 5 of 5, 9F3A-200, safe, Oslo',
  },
  async run(args, context) {
    const [file = ''] = args.files;
    const manifest = readManifest(args.text('manifest'), context.test);
    const out = args.text('out');
    refuseExisting(out);
    let read: ListedFile;
    try {
      read = readListed(file, manifest, context.test);
    } catch (error) {
      throw inFile(file, error);
    }
    wipeShards([read]);
    writeNewFile(out, new TextEncoder().encode(page(manifest, read)));
    const { number, label, holder } = read.entry;
    return {
      lines: [`${printable(out)}: shard ${number} of ${manifest.shards.length}, ${label}, ${holder}`],
      json: { file: out, number, label, holder },
    };
  },
};
