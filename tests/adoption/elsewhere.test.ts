/** Regions, servers and tokens that are not as a vendor sets them up first. */
import { adopts } from './adopts';

adopts({
  name: 'elsewhere',
  only: ['emergency/', 'lifecycle/'],
  shown: ['any 3 of 5 shards', 'eu-central-1', '--hash-algorithm SHA256 --mgf MGF1-SHA256'],
  hidden: ['us-east-1', 'us-west-2', 'SHA-1 --mgf', 'gcloud'],
});
