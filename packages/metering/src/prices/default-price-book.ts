/** Prices per GPU-hour in the major unit, as decimals: [CNY, USD]. */
type PricePair = readonly [cny: string, usd: string];

/** Regions of the catalogue, in the order in which they are shown. */
export const REGIONS = [
  { id: 'cn-north', nameEn: 'North China (Beijing)', nameZh: '华北（北京）' },
  { id: 'ap-southeast', nameEn: 'Asia Pacific (Singapore)', nameZh: '亚太东南（新加坡）' },
] as const;
export type RegionId = (typeof REGIONS)[number]['id'];

/** The list price of every model in every region at which a new installation sells. */
export const DEFAULT_PRICES: Readonly<Record<string, Readonly<Record<RegionId, PricePair>>>> = {
  'nvidia-h100-80g': { 'cn-north': ['18.36', '2.59'], 'ap-southeast': ['17.64', '2.49'] },
  'nvidia-h200-141g': { 'cn-north': ['24.84', '3.49'], 'ap-southeast': ['23.40', '3.29'] },
  'nvidia-h20-96g': { 'cn-north': ['8.64', '1.22'], 'ap-southeast': ['9.36', '1.32'] },
  'nvidia-a100-80g': { 'cn-north': ['10.08', '1.42'], 'ap-southeast': ['9.72', '1.37'] },
  'nvidia-l40s-48g': { 'cn-north': ['6.48', '0.91'], 'ap-southeast': ['6.12', '0.86'] },
  'amd-mi300x-192g': { 'cn-north': ['15.12', '2.13'], 'ap-southeast': ['14.40', '2.03'] },
  'ascend-910b3-64g': { 'cn-north': ['7.20', '1.02'], 'ap-southeast': ['7.92', '1.12'] },
  'cambricon-mlu590-80g': { 'cn-north': ['6.12', '0.86'], 'ap-southeast': ['6.84', '0.96'] },
  'hygon-k100-ai-64g': { 'cn-north': ['4.32', '0.61'], 'ap-southeast': ['4.86', '0.69'] },
  'mthreads-s4000-48g': { 'cn-north': ['2.88', '0.41'], 'ap-southeast': ['3.24', '0.46'] },
  'metax-c500-64g': { 'cn-north': ['4.68', '0.66'], 'ap-southeast': ['5.22', '0.74'] },
  'kunlunxin-p800-96g': { 'cn-north': ['6.48', '0.91'], 'ap-southeast': ['7.20', '1.02'] },
  'iluvatar-bi-v150-64g': { 'cn-north': ['3.60', '0.51'], 'ap-southeast': ['4.05', '0.57'] },
  'cpu-small-2g': { 'cn-north': ['0.18', '0.025'], 'ap-southeast': ['0.20', '0.028'] },
};

/** Currencies of the price book, in the order of a PricePair. */
export const PRICE_CURRENCIES = ['CNY', 'USD'] as const;

/** When these prices came into force: before anything this product can have billed. */
export const DEFAULT_PRICES_FROM_S = Date.UTC(2024, 0, 1) / 1000;

/** Least billed seconds of a lease (S9): what a start costs the fleet, and no gain from stopping within the minute. */
export const DEFAULT_MIN_SECONDS = 60;

/** The SKU of a model in a region. */
export function skuOf(modelId: string, regionId: string): string {
  return `gpu.${modelId}.${regionId}`;
}
