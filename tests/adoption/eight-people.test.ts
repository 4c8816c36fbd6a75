/** The fewest people for 3 of 5, eight in all: every page of the drill. */
import { adopts } from './adopts';

adopts({
  name: 'eight-people',
  only: [''],
  shown: ['any 3 of 5 shards', 'safe-tower', 'alias/settlement-shard-1'],
  hidden: ['gcloud', 'vault write', 'masterkey-shard'],
});
