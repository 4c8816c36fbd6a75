/** The unmodified tools of rung 2: one row each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { azRow } from '../azure-key-vault/real';
import { awsService } from './aws-endpoint';
import { gcloudService } from './gcloud-account';
import { installed, keyStates, onTheWire, type RealRow } from './row';

function newestPsql(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort().reverse() : [];
  return versions.map((version) => `${root}/${version}/bin/psql`).find((path) => existsSync(path));
}

const rows = {
  aws: {
    target: 'aws-kms',
    install: 'the package awscli',
    debian: ['awscli'],
    // Version 1 is a script of another interpreter.
    path: () =>
      existsSync('/usr/bin/aws') && readFileSync('/usr/bin/aws', 'latin1').startsWith('#!/usr/bin/python3')
        ? '/usr/bin/aws'
        : undefined,
    meets: [...onTheWire, ...keyStates],
    service: awsService,
  },
  gcloud: {
    target: 'gcp-kms',
    install: 'the package google-cloud-cli',
    debian: [],
    path: () => installed('/usr/bin/gcloud'),
    // A hanging Cloud KMS would cost gcloud's own five minutes.
    meets: [...onTheWire.filter((mode) => mode !== 'hang'), ...keyStates],
    service: gcloudService,
  },
  az: azRow,
  'pkcs11-tool': {
    target: 'pkcs11-hsm',
    install: 'the packages opensc and softhsm2',
    debian: ['opensc', 'softhsm2', 'opencryptoki'],
    path: () => installed('/usr/bin/softhsm2-util') && installed('/usr/bin/pkcs11-tool'),
    // SoftHSM2 neither locks a PIN nor loses its module. A PIN is denied because a wrong one was entered.
    meets: ['absent', 'denied', 'key-deleted'],
  },
  psql: {
    target: 'postgres',
    install: 'the package postgresql',
    debian: ['postgresql'],
    path: newestPsql,
    meets: ['refuse', 'absent', 'hang', 'denied'],
  },
} satisfies Readonly<Record<string, RealRow>>;

export type RealTool = keyof typeof rows;

/** The row of each tool that can run unmodified somewhere. */
export const realRows: Readonly<Record<RealTool, RealRow>> = rows;

/** Their names. */
export const realTools = Object.keys(rows) as RealTool[];
