/** What each `gcloud kms` command does once its words are understood: checks of the client, then the service, then what is printed. */

import { flag, nearest, type Parsed } from '../grammar';
import type { Fault } from '../world';
import { type Fail, searchHint, unknownFormat } from './grammar';
import {
  asymmetricDecrypt,
  createKey,
  createKeyring,
  decryptAlgorithms,
  GcpError,
  type GcpNames,
  getPublicKey,
  move,
  permissionDenied,
  type Transition,
  undecipherable,
  versionName,
  versionOf,
} from './service';
import type { GcpVersion, GcpWorld } from './state';

interface Circumstances {
  readonly fault: Fault | undefined;
  readonly ciphertext: Buffer;
  readonly fail: Fail;
}

/** Performs one command and returns what it prints, or what it writes to its output file. */
export function performKms(
  world: GcpWorld,
  name: string,
  ids: GcpNames,
  parsed: Parsed,
  { fault, ciphertext, fail }: Circumstances,
): string | Buffer {
  if (name === 'kms keys create') checkNewKey(parsed, fail);
  if (fault?.mode === 'throttle') {
    throw new GcpError(
      'RESOURCE_EXHAUSTED',
      `Quota exceeded for quota metric 'Asymmetric cryptographic requests' and limit 'Asymmetric cryptographic requests per minute' of service 'cloudkms.googleapis.com' for consumer 'project_number:000000000001'.`,
    );
  }
  switch (name) {
    case 'kms keyrings create':
      createKeyring(world, ids);
      return '';
    case 'kms keys create':
      createKey(world, ids, {
        algorithm: flag(parsed, 'default-algorithm') ?? '',
        protectionLevel: flag(parsed, 'protection-level') ?? 'software',
        destroyScheduledDuration: seconds(flag(parsed, 'destroy-scheduled-duration') ?? '30d', fail),
      });
      return '';
    case 'kms keys versions get-public-key':
      if ((flag(parsed, 'public-key-format') ?? 'pem') !== 'pem') {
        throw fail(1, "INVALID_ARGUMENT: Invalid value at 'public_key_format'");
      }
      return getPublicKey(world, ids);
    case 'kms asymmetric-decrypt': {
      if (fault?.mode === 'denied') {
        throw permissionDenied('cloudkms.cryptoKeyVersions.useToDecrypt', versionName(ids));
      }
      const plaintext = asymmetricDecrypt(world, ids, ciphertext);
      if (fault?.mode === 'tampered') throw undecipherable();
      return fault?.mode === 'wrong-shard' ? Buffer.from(fault.plaintext ?? '') : plaintext;
    }
    case 'kms keys versions describe':
      return printed(name, ids, versionOf(world, ids, 'cloudkms.cryptoKeyVersions.get'), parsed);
    default:
      return printed(name, ids, move(world, ids, name.split(' ').at(-1) as Transition), parsed);
  }
}

const purposes = ['asymmetric-encryption', 'asymmetric-signing', 'encryption', 'mac', 'raw-encryption'];
const protectionLevels = ['external', 'external-vpc', 'hsm', 'software'];

function checkNewKey(parsed: Parsed, fail: Circumstances['fail']): void {
  const check = (name: string, allowed: readonly string[], value: string | undefined) => {
    if (value === undefined || allowed.includes(value)) return;
    const near = nearest(value, allowed);
    throw fail(
      2,
      near === undefined
        ? `argument --${name}: Invalid choice: '${value}'.\n\nValid choices are [${allowed.join(', ')}].`
        : `argument --${name}: Invalid choice: '${value}'. Did you mean '${near}'?\nMaybe you meant:\n  gcloud kms\n\n${searchHint}`,
    );
  };
  const algorithm = flag(parsed, 'default-algorithm');
  check('purpose', purposes, flag(parsed, 'purpose'));
  check('default-algorithm', decryptAlgorithms, algorithm);
  check('protection-level', protectionLevels, flag(parsed, 'protection-level'));
  const valid = decryptAlgorithms.join(', ');
  if (flag(parsed, 'purpose') !== 'asymmetric-encryption') {
    throw fail(
      1,
      `Default algorithm and purpose are incompatible. Here are the valid algorithms for --purpose=asymmetric-encryption: ${valid}`,
    );
  }
  if (algorithm === undefined) {
    throw fail(
      1,
      `--default-algorithm needs to be specified when creating a key with --purpose=asymmetric-encryption. The valid algorithms are: ${valid}`,
    );
  }
}

/** Turns gcloud's INTEGER[UNIT] into the API's seconds. */
function seconds(duration: string, fail: Circumstances['fail']): string {
  const match = /^(\d+)([smhd]?)$/.exec(duration);
  if (match === null) {
    throw fail(
      2,
      `argument --destroy-scheduled-duration: Failed to parse duration: Duration unit '${duration}' must be preceded by a number`,
    );
  }
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
  return `${Number(match[1]) * unit}s`;
}

/** The version as YAML or its state; of a restored version gcloud shows nothing unless asked. */
function printed(name: string, ids: GcpNames, version: GcpVersion, parsed: Parsed): string {
  const format = flag(parsed, 'format');
  if (format === 'value(state)') return `${version.state}\n`;
  if (format !== undefined) throw unknownFormat('kms.keys.versions', format);
  if (name.endsWith('restore')) return '';
  const lines = [
    `algorithm: ${version.algorithm.toUpperCase().replaceAll('-', '_')}`,
    `createTime: '${version.createdAt}'`,
    ...(version.destroyTime === undefined ? [] : [`destroyTime: '${version.destroyTime}'`]),
    `generateTime: '${version.createdAt}'`,
    `name: ${versionName(ids)}`,
    `protectionLevel: ${version.protectionLevel.toUpperCase()}`,
    `state: ${version.state}`,
  ];
  return `${lines.join('\n')}\n`;
}
