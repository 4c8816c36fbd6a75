/** Seven shards in two AWS regions, Google Cloud, Vault, an HSM and two safes: the unseal page. */
import { adopts } from './adopts';

adopts({
  name: '4-of-7',
  only: ['emergency/unseal'],
  scenarios: 35,
  shown: ['any 4 of 7 shards', 'alias/masterkey-shard-2', 'eu-west-1', 'safe-b'],
  hidden: ['masterkey-shard-7'],
});
