import type { CallOutput } from '@suanxiang/contract/client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';

type Accelerator = CallOutput<'listAccelerators'>['items'][number];

const model = (
  id: string,
  vendor: string,
  en: string,
  zh: string,
  [memory_gib, memory_bandwidth_gb_s, bf16_tflops, interconnect_gb_s, power_w]: number[],
  interconnect: string,
): Accelerator => ({
  id,
  vendor,
  vendor_class: vendor === 'huawei' ? 'ascend' : vendor,
  name: { en, zh },
  memory_gib: memory_gib ?? 0,
  memory_bandwidth_gb_s: memory_bandwidth_gb_s ?? null,
  bf16_tflops: bf16_tflops ?? null,
  interconnect,
  interconnect_gb_s: interconnect_gb_s ?? null,
  power_w: power_w ?? null,
});

export const ACCELERATORS: readonly Accelerator[] = [
  model('nvidia-h100', 'nvidia', 'NVIDIA H100 SXM', 'NVIDIA H100 SXM', [80, 3350, 989, 900, 700], 'NVLink 4'),
  model('nvidia-h20', 'nvidia', 'NVIDIA H20', 'NVIDIA H20', [96, 4000, 148, 900, 400], 'NVLink 4'),
  model(
    'amd-mi300x',
    'amd',
    'AMD Instinct MI300X',
    'AMD Instinct MI300X',
    [192, 5300, 1307, 896, 750],
    'Infinity Fabric',
  ),
  model('ascend-910b', 'huawei', 'Huawei Ascend 910B', '华为昇腾 910B', [64, 1600, 376, 392, 400], 'HCCS'),
  model('cambricon-mlu590', 'cambricon', 'Cambricon MLU590', '寒武纪 MLU590', [80, 2048, 314, 318, 350], 'MLU-Link'),
  model('hygon-k100-ai', 'hygon', 'Hygon K100-AI', '海光 K100-AI', [64, 892, 196, 64, 350], 'PCIe 5'),
];

export const REGIONS: CallOutput<'listRegions'>['items'] = [
  {
    id: 'cn-north',
    name: { en: 'North China (Beijing)', zh: '华北（北京）' },
    zones: [{ id: 'cn-north-a' }, { id: 'cn-north-b' }],
  },
  {
    id: 'ap-southeast',
    name: { en: 'Asia Pacific (Singapore)', zh: '亚太东南（新加坡）' },
    zones: [{ id: 'ap-southeast-a' }],
  },
];

const CNY_PER_HOUR: Record<string, string> = {
  'nvidia-h100': '18.6',
  'nvidia-h20': '8.4',
  'amd-mi300x': '16.9',
  'ascend-910b': '6.2',
  'cambricon-mlu590': '5.9',
  'hygon-k100-ai': '3.95',
};
const USD_PER_HOUR: Record<string, string> = {
  'nvidia-h100': '2.49',
  'nvidia-h20': '1.18',
  'amd-mi300x': '2.29',
  'ascend-910b': '0.88',
  'cambricon-mlu590': '0.84',
  'hygon-k100-ai': '0.56',
};
const STOCK: Record<string, [total: number, free: number, largest: number, nodes: number]> = {
  'cn-north/nvidia-h100': [256, 41, 8, 3],
  'cn-north/nvidia-h20': [512, 233, 8, 26],
  'cn-north/amd-mi300x': [128, 3, 2, 0],
  'cn-north/ascend-910b': [512, 388, 8, 44],
  'cn-north/cambricon-mlu590': [128, 64, 8, 6],
  'cn-north/hygon-k100-ai': [128, 0, 0, 0],
  'ap-southeast/nvidia-h100': [256, 128, 8, 14],
  'ap-southeast/nvidia-h20': [128, 6, 4, 0],
  'ap-southeast/amd-mi300x': [128, 88, 8, 9],
};

/** What can be rented, in a currency. */
export function offers(currency: 'CNY' | 'USD'): Offer[] {
  return Object.entries(STOCK).flatMap(([key, [total, free, largest_instance, free_nodes]]) => {
    const [region_id = '', id = ''] = key.split('/');
    const accelerator = ACCELERATORS.find((candidate) => candidate.id === id);
    if (!accelerator) return [];
    const price = (currency === 'CNY' ? CNY_PER_HOUR : USD_PER_HOUR)[id] ?? '1';
    return [
      {
        sku: `gpu.${id}.${region_id}`,
        accelerator,
        region_id,
        price_per_gpu_hour: price,
        price_per_gpu_second: (Number(price) / 3600).toFixed(8),
        currency,
        stock: { total, free, largest_instance, free_nodes },
      },
    ];
  });
}
