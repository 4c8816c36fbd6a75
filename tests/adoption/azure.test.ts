/** The provider that was added last: every page of emergencies and of the key’s life. */
import { adopts } from './adopts';

adopts({
  name: 'azure',
  only: ['emergency/', 'lifecycle/'],
  shown: ['any 2 of 3 shards', 'az keyvault key decrypt', 'example-ledger-kv'],
  hidden: ['aws kms', 'gcloud', 'vault write'],
});
