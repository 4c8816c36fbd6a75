/** Azure: its regions, with those of China and of governments. */
import type { RegionList } from './kind';

export const azureRegions: RegionList = {
  vendor: 'Azure',
  source: 'Azure documentation, List of Azure regions; Azure Government and Azure operated by 21Vianet',
  checked: '2026-11-30',
  names: `
  australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral
  brazilsouth brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral
  denmarkeast eastasia eastus eastus2 francecentral francesouth germanynorth germanywestcentral
  indonesiacentral israelcentral italynorth japaneast japanwest jioindiacentral jioindiawest
  koreacentral koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope
  norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest
  southcentralus southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth
  switzerlandwest uaecentral uaenorth uksouth ukwest westcentralus westeurope westindia westus
  westus2 westus3 chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 usdodcentral
  usdodeast usgovarizona usgovtexas usgovvirginia
`
    .trim()
    .split(/\s+/),
};
