/** Google Cloud KMS: what each identity may do, as IAM names it (Cloud KMS, permissions and roles). */
import type { Permissions } from './kind';

export const gcpKmsPermissions = {
  recovery: ['cloudkms.cryptoKeyVersions.get', 'cloudkms.cryptoKeyVersions.useToDecrypt'],
  administrator: [
    'cloudkms.keyRings.create',
    'cloudkms.cryptoKeys.create',
    'cloudkms.cryptoKeyVersions.get',
    'cloudkms.cryptoKeyVersions.viewPublicKey',
    'cloudkms.cryptoKeyVersions.update',
    'cloudkms.cryptoKeyVersions.destroy',
    'cloudkms.cryptoKeyVersions.restore',
  ],
  unwraps: 'cloudkms.cryptoKeyVersions.useToDecrypt',
  needs: {
    'gcloud kms keyrings create': 'cloudkms.keyRings.create',
    'gcloud kms keys create': 'cloudkms.cryptoKeys.create',
    'gcloud kms keys versions get-public-key': 'cloudkms.cryptoKeyVersions.viewPublicKey',
    'gcloud kms keys versions describe': 'cloudkms.cryptoKeyVersions.get',
    'gcloud kms keys versions restore': 'cloudkms.cryptoKeyVersions.restore',
    'gcloud kms keys versions enable': 'cloudkms.cryptoKeyVersions.update',
    'gcloud kms asymmetric-decrypt': 'cloudkms.cryptoKeyVersions.useToDecrypt',
  },
} as const satisfies Permissions;
