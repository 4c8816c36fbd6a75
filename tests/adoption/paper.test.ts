/** Three sheets of paper and no provider at all. */
import { adopts } from './adopts';

adopts({
  name: 'paper',
  only: ['emergency/unseal', 'ceremony/'],
  shown: ['any 2 of 3 shards', 'safe-a', 'safe-c'],
  hidden: ['aws kms', 'gcloud', 'vault write', 'pkcs11-tool', 'stopped-providers'],
});
