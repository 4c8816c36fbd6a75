/** A page that recovers the key over several places, with tools that wrap and unwrap in pipes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const fence = '```';

/** Takes away what an operator's environment says, as the pages do. */
const clean = readFileSync(resolve(__dirname, '../../../docs/_partials/clean-shell.mdx'), 'utf8').trimEnd();

const block = (id: string, lines: string, output?: string, stream?: string) =>
  `${fence}bash title="Do it" step=${id}${output === undefined ? ' prints=nothing' : ''}
${lines}
${fence}
${output === undefined ? '' : `\n${fence}text title="You should see" output=${id}${stream ?? ''}\n${output}\n${fence}\n`}`;

interface StepText {
  readonly id: string;
  readonly log: string;
  readonly attributes: string;
  readonly lines?: string;
  readonly output?: string;
}

const step = ({ id, log, attributes, lines, output }: StepText) => `
<Step id="${id}" by="recovery-operator" witness="internal-witness" log="${log}" minutes="1" ${attributes} undo="Nothing.">

**Recovery operator:** do it.

${lines === undefined ? '' : block(id, lines, output)}
</Step>
`;

const oaep = '-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256';

const open = `umask 077
${clean}
folder=$XDG_RUNTIME_DIR/recovery
[ -O "$XDG_RUNTIME_DIR" ] || folder=/dev/shm/recovery
case $(stat --file-system --format=%T "\${folder%/*}") in
  tmpfs | ramfs) mkdir --parents "$folder" && cd "$folder" &&
    stat --file-system --format="$folder, on %T" . && ls --almost-all ;;
  *)
    echo "stop: \${folder%/*} is not in memory" >&2
    echo "type: unset XDG_RUNTIME_DIR, and repeat this step" >&2
    false
    ;;
esac`;

const wipe = `cd /
${clean}
folder=$XDG_RUNTIME_DIR/recovery
[ -O "$XDG_RUNTIME_DIR" ] || folder=/dev/shm/recovery
if [[ $(stat --file-system --format=%T "\${folder%/*}") != @(tmpfs|ramfs) ]]; then
  echo "stop: \${folder%/*} is not in memory" >&2
  echo "type: unset XDG_RUNTIME_DIR, and repeat this step" >&2; false
else
  [ ! -O "$folder" ] || find "$folder" -type f -exec shred --remove --force {} +
  [ ! -O "$folder" ] || rm --recursive "$folder"
  [ ! -e "$folder" ] && echo 'nothing is left'
fi`;

const decrypt: Readonly<Record<number, string>> = {
  1: `AWS_CLI_HISTORY_FILE=./history.plain aws kms decrypt --profile 000000000001 \\
  --region us-east-1 --key-id alias/masterkey-shard-1 \\
  --encryption-algorithm RSAES_OAEP_SHA_256 --ciphertext-blob fileb://shard-1.bin \\
  --cli-connect-timeout 5 --cli-read-timeout 15 --no-cli-pager --query Plaintext \\
  --output text | base64 --decode`,
  2: `gcloud kms asymmetric-decrypt --project example-ledger-shards --location europe-west4 \\
  --keyring masterkey --key masterkey-shard-2 --version 1 \\
  --ciphertext-file shard-2.bin --plaintext-file - --no-log-http`,
  3: `printf 'vault:v1:%s' "$(base64 --wrap=0 shard-3.bin)" > shard-3.vault
vault write -address=https://vault.ledger.example:8200 \\
  -field=plaintext transit/decrypt/masterkey-shard-3 \\
  ciphertext=@shard-3.vault | base64 --decode`,
};

const section = (n: number) => `
## Shard ${n}

${step({
  id: `TST-S${n}-01`,
  log: 'workspace.prepared',
  attributes: `shard="${n}" place="workstation" sets="recovery-shell"`,
  lines: open,
  output: '<FOLDER>, on tmpfs',
})}
${step({
  id: `TST-S${n}-02`,
  log: 'role.assigned',
  attributes: `shard="${n}" place="workstation" requires="recovery-shell" act="carry" crosses="session.pub.pem" from="air-gapped"`,
})}
${step({
  id: `TST-S${n}-03`,
  log: 'registry.read',
  attributes: `shard="${n}" place="workstation" requires="recovery-shell network"`,
  lines: `psql 'service={{database.service}} connect_timeout=10' --no-psqlrc --tuples-only --no-align \\
  --set ON_ERROR_STOP=1 > shard-${n}.b64 <<'SQL'
SELECT encode(ciphertext, 'base64') FROM shard_current
WHERE key_name = '{{key.name}}' AND generation = {{key.generation}} AND shard = ${n};
SQL
base64 --decode shard-${n}.b64 > shard-${n}.bin
wc --bytes shard-${n}.bin`,
  output: `512 shard-${n}.bin`,
})}
${step({
  id: `TST-S${n}-04`,
  log: 'shard.unwrapped',
  attributes: `shard="${n}" place="workstation" requires="recovery-shell network" crosses="shard-${n}.wrapped" to="air-gapped"`,
  lines: `${decrypt[n]} | openssl pkeyutl -encrypt -pubin -inkey session.pub.pem \\
  ${oaep} -out shard-${n}.wrapped
find . -name history.plain -exec shred --remove --force {} +
wc --bytes shard-${n}.wrapped`,
  output: `384 shard-${n}.wrapped`,
})}
${step({
  id: `TST-S${n}-05`,
  log: 'workspace.wiped',
  attributes: `shard="${n}" place="workstation" requires="recovery-shell" clears="recovery-shell" always="yes"`,
  lines: wipe,
  output: 'nothing is left',
})}
`;

/** The text of the page. */
export const recoveryPage = (): string => `---
title: A recovery
description: A page that exists for the tests of the drill of places.
kind: how-to
owner: nobody
reviewed: 2026-11-23
prefix: TST
place: air-gapped
tools: [aws, base64, cat, cp, find, gcloud, ls, mkdir, openssl, psql, rm, shred, sss, stat, tee, vault, wc]
starts: [network]
ends: [network, key-live]
drill: { world: fixture, quorum: every, expect: recovered }
---

## Begin

${step({ id: 'TST-01', log: 'workspace.prepared', attributes: 'sets="recovery-shell"', lines: open, output: '<FOLDER>, on tmpfs' })}
${step({
  id: 'TST-02',
  log: 'manifest.verified',
  attributes: 'requires="recovery-shell" sets="manifest"',
  lines: `cp "$HOME/recovery-kit/manifest.json" manifest.json
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out session.key
openssl pkey -in session.key -pubout -out session.pub.pem`,
})}
${[1, 2, 3].map(section).join('')}
## Combine

${step({
  id: 'TST-03',
  log: 'shard.verified',
  attributes: 'requires="manifest" sets="shard-plaintext shard-checked"',
  lines: `for n in 1 2 3; do
  openssl pkeyutl -decrypt -inkey session.key -in "shard-$n.wrapped" \\
    ${oaep} -out "shard-$n.txt"
done
sss verify --manifest manifest.json shard-*.txt`,
  output: '...\nshard-3.txt: OK, shard 3 of {{key.shards}}, <LABEL_3>, HashiCorp Vault vault.ledger.example',
})}
${step({
  id: 'TST-04',
  log: 'key.combined',
  attributes: 'requires="shard-checked manifest" sets="key-file"',
  lines: 'sss combine --manifest manifest.json --out master.key shard-*.txt',
  output: 'master.key: {{key.bytes}} bytes, KCV <KCV>, commitment OK\n...',
})}
${step({
  id: 'TST-05',
  log: 'key.loaded',
  attributes: 'requires="key-file" sets="key-live" act="key-load"',
})}
${step({
  id: 'TST-06',
  log: 'key.wiped workspace.wiped',
  attributes:
    'requires="shard-plaintext" clears="shard-plaintext key-file recovery-shell shard-checked manifest" always="yes"',
  lines: wipe,
  output: 'nothing is left',
})}
${step({
  id: 'TST-07',
  log: 'service.verified',
  attributes: 'place="service-host" requires="key-live"',
  lines: clean,
})}
`;
