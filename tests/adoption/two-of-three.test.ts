/** No cloud at all: an HSM and two safes. */
import { adopts } from './adopts';

adopts({
  name: '2-of-3',
  only: ['emergency/unseal'],
  scenarios: 3,
  shown: ['any 2 of 3 shards', '/usr/lib/softhsm/libsofthsm2.so', 'safe-a'],
  hidden: ['aws kms', 'gcloud', 'vault write'],
});
