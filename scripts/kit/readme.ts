/** README.txt of the kit: what is in it, and how somebody who has nothing but sha256sum verifies it. */

/** A part of the kit as the text names it. */
export interface Part {
  /** File or folder. */
  readonly name: string;
  readonly what: string;
}

/** The text for a kit with these parts. `node` is the Node floor, such as `20.19 or later`. */
export function readme(title: string, parts: readonly Part[], node: string): string {
  const site = parts.some(({ name }) => name === 'site/')
    ? ` The recovery page opens in any browser, from this\nfolder, with or without scripts:\n\n    site/emergency/unseal/index.html`
    : '';
  const width = 2 + Math.max(...parts.map(({ name }) => name.length));
  return `${title}
${'='.repeat(title.length)}

What a ceremony or a recovery needs on a machine without a network. There is
nothing secret in this kit.${site}

Verify it before you use it
---------------------------

Two people do this, on the machine on which the kit will be used. Go into the
folder of this file.

1. One runs
       sha256sum SHA256SUMS
   and reads the 64 characters aloud from the screen, in groups of four.
   The other follows on the paper: the Ceremony Log, or the published digest.
   Then they change places and do it again.

2. Then run
       sha256sum --check --strict --quiet SHA256SUMS
   It prints nothing when every file is good.

3. Count. Both numbers must be the same, or something was added:
       wc --lines < SHA256SUMS
       find . ! -type d ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig | wc --lines

If anything differs, do not use this kit. Keep it, and fetch another copy.

If there is a SHA256SUMS.sig, OpenSSH checks who signed:
       ssh-keygen -Y verify -f allowed_signers -I NAME -n mks-kit \\
           -s SHA256SUMS.sig < SHA256SUMS

What is in it
-------------

${parts.map(({ name, what }) => `${name.padEnd(width)}${what}`).join('\n')}

What it needs
-------------

sss.cjs needs Node ${node} and nothing else:  node sss.cjs selftest
recover.py needs Python 3.6 or later and nothing else. It recovers the key
without sss.cjs, and shares no code with it:  python3 recover.py --help
`;
}
