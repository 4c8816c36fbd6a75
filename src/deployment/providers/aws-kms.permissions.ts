/** AWS KMS: what each identity may do, as IAM names it (Service Authorization Reference, AWS Key Management Service). */
import type { Permissions } from './kind';

export const awsKmsPermissions = {
  recovery: ['kms:DescribeKey', 'kms:Decrypt'],
  administrator: [
    'kms:CreateKey',
    'kms:CreateAlias',
    'kms:GetPublicKey',
    'kms:ReplicateKey',
    'kms:DescribeKey',
    'kms:ScheduleKeyDeletion',
    'kms:CancelKeyDeletion',
    'kms:EnableKey',
    'kms:DisableKey',
  ],
  unwraps: 'kms:Decrypt',
  needs: {
    'aws kms describe-key': 'kms:DescribeKey',
    'aws kms decrypt': 'kms:Decrypt',
    'aws kms create-key': 'kms:CreateKey',
    'aws kms create-alias': 'kms:CreateAlias',
    'aws kms get-public-key': 'kms:GetPublicKey',
    'aws kms replicate-key': 'kms:ReplicateKey',
    'aws kms cancel-key-deletion': 'kms:CancelKeyDeletion',
    'aws kms enable-key': 'kms:EnableKey',
  },
} as const satisfies Permissions;
