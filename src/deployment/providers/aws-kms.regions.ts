/** Regions of AWS and the partitions that they belong to. In a file without the schema, because the stand-in starts with every command of a drill. */
import type { RegionList } from './kind';

/** Partitions by the beginning of their regions (botocore, data/partitions.json; for eusc the documentation of the AWS European Sovereign Cloud). */
const partitions = [
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-iso-', 'aws-iso'],
] as const;

/** Names of regions as AWS has them, also those to come: partition and continent, direction, number. */
export const awsRegion =
  /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[bf]?|eu-isoe|eusc-[a-z]{2})-(?:north|south|east|west|central|(?:north|south)(?:east|west))-[1-9]$/;

/** The partition of a region, as ARNs name it: keys are not replicated from one to another. */
export function partitionOf(region: string): string {
  const [, name] = partitions.find(([begin]) => region.startsWith(begin)) ?? [];
  return name ?? 'aws';
}

export const awsRegions: RegionList = {
  vendor: 'AWS',
  source: 'botocore 1.43.11, data/partitions.json',
  checked: '2026-11-30',
  names: `
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1
  ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5
  ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1
  eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1
  mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1
  eusc-de-east-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 eu-isoe-west-1
  us-isof-east-1 us-isof-south-1 us-gov-east-1 us-gov-west-1
`
    .trim()
    .split(/\s+/),
};
