/** Three clouds, one of them twice, a Vault and an HSM, and not one sheet. */
import { adopts } from './adopts';

adopts({
  name: 'no-paper',
  only: ['emergency/unseal'],
  scenarios: 10,
  shown: ['any 3 of 5 shards', 'eu-central-1'],
  hidden: ['safe-a:', 'sss scan'],
});
