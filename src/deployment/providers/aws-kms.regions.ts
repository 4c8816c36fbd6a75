/** Regions of AWS and the partitions that they belong to. In a file without the schema, because the stand-in starts with every command of a drill. */

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
