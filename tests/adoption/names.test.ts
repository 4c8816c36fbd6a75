/** Names as the law and the vendors allow them: apostrophes, slashes, blanks, parentheses, pipes, brackets, other scripts. */
import { adopts } from './adopts';

adopts({
  name: 'names',
  only: ['emergency/unseal', 'emergency/hsm', 'lifecycle/'],
  shown: [
    "O'Example",
    'found 1, token masterkey (UserPIN) [A]',
    'alias/prod/masterkey/shard_1',
    'Bruno | Pipe',
  ],
  hidden: ['masterkey-hsm', '&amp;amp;'],
});
