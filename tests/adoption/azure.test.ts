/** The provider that was added last: every emergency page. */
import { adopts } from './adopts';

adopts({
  name: 'azure',
  only: 'emergency/',
  shown: ['any 2 of 3 shards', 'az keyvault key decrypt', 'example-ledger-kv'],
  hidden: ['aws kms', 'gcloud', 'vault write'],
});
