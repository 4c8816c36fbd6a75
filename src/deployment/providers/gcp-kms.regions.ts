/** Google Cloud: the locations of Cloud KMS; multi-regions outside of the Americas from an earlier reading. */
import type { RegionList } from './kind';

export const googleLocations: RegionList = {
  vendor: 'Google Cloud',
  source: 'Cloud KMS documentation, Locations',
  checked: '2026-11-30',
  names: `
  africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1
  asia-south2 asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2
  europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1 europe-west2
  europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 europe-west10 europe-west12
  me-central1 me-central2 me-west1 northamerica-northeast1 northamerica-northeast2
  northamerica-south1 southamerica-east1 southamerica-west1 us-central1 us-east1 us-east4
  us-east5 us-south1 us-west1 us-west2 us-west3 us-west4 ca nam3 nam4 nam6 nam7 nam8 nam9 nam10
  nam11 nam12 us asia asia1 eur3 eur4 eur5 eur6 europe global
`
    .trim()
    .split(/\s+/),
};
