import type { VendorClass } from './accelerator-vendors';
import type { Bilingual } from './locale';

/**
 * The catalogue of accelerator models: plain data that browser, scheduler, drivers and seed share. Every figure names
 * where it comes from in `sources`; a figure that no public source states, or on which the public sources contradict
 * each other, is null with a null source. Figures are per accelerator, dense (never with sparsity).
 */

/** The figures of a model that carry a source each. */
export interface AcceleratorFigures {
  memoryBytes: number;
  /** GB/s, decimal. */
  memoryBandwidthGbS: number | null;
  /** Dense bf16 or fp16 TFLOP/s. */
  bf16Tflops: number | null;
  /** Name of the link between the accelerators of one node. */
  interconnect: string | null;
  /** GB/s per accelerator, both directions together. */
  interconnectGbS: number | null;
  /** Board power in watts. */
  powerW: number | null;
}

export interface AcceleratorModel extends AcceleratorFigures {
  /** Stable key, kebab case, for example `nvidia-h100-80g`. */
  id: string;
  vendorClass: VendorClass;
  name: Bilingual;
  /** Where each figure comes from; null exactly where the figure is null. */
  sources: Record<keyof AcceleratorFigures, string | null>;
}

const GIB = 1024 ** 3;

type Figure<T> = readonly [value: T, source: string] | readonly [value: null, source: null];
type ModelRow = {
  id: string;
  vendorClass: VendorClass;
  name: Bilingual;
  memory: readonly [gib: number, source: string];
  bandwidth: Figure<number>;
  bf16: Figure<number>;
  link: Figure<string>;
  linkSpeed: Figure<number>;
  power: Figure<number>;
};

/** Nobody says, or the sources contradict each other. */
const UNKNOWN = [null, null] as const;

const NV = 'https://www.nvidia.com/en-us/data-center';
const A100_SHEET = `${NV}/a100 (datasheet 2188504)`;
const AMD_SHEET =
  'https://www.amd.com/content/dam/amd/en/documents/instinct-tech-docs/data-sheets/amd-instinct-mi300x-data-sheet.pdf';
const H20_TABLE = 'https://arthurchiao.art/blog/gpu-advanced-notes-2 (comparison of H20, L20, Ascend 910B)';
const H20_CARD = 'https://huggingface.co/hardware/h20';
const NPU_SMI = 'npu-smi info of an 8 x 910B3 host (HBM-Usage column, 65536 MB)';
const CANN_910B =
  'https://gitcode.com/cann/ops-cv/issues/997 (cube rate = cores x 8192 flop x 1.8 GHz; 910B3 has 20 cube cores)';
const FLAGPERF = 'https://github.com/FlagOpen/FlagPerf base/benchmarks';
const S4000_NEWS =
  'https://www.io-tech.fi/uutinen/moore-threads-julkaisi-uuden-mtt-s4000-laskentakortin-ja-kuae-intelligent-computing-center-palvelinklusterit (launch, 2023-12)';
const BI150_CARD = 'https://ai.gitee.com/docs/compute/clusters_gpu/iluvatar/iluvatar_BI-V150_gpu';
const METAX_CARD = 'https://ai.gitee.com/docs/compute/domestic-gpu (figures of the vendor)';
const P800_SMI = 'xpu-smi of a P800 OAM host (98304 MiB, cap 400 W)';
const P800_REPORT = 'https://www.huangwei.com/rpts/20260103_20260103kunlun.html (analyst; no vendor datasheet exists)';
const HAMI_DCU = 'https://github.com/Project-HAMi/HAMi/blob/master/docs/hygon-dcu-support.md';
const MLU590_USERS = 'MLU590-M9D as measured by its users (80 GiB); the vendor publishes no datasheet';

const ROWS: readonly ModelRow[] = [
  {
    id: 'nvidia-h100-80g',
    vendorClass: 'nvidia',
    name: { en: 'NVIDIA H100 SXM 80GB', zh: '英伟达 H100 SXM 80GB' },
    memory: [80, `${NV}/h100`],
    bandwidth: [3350, `${NV}/h100`],
    bf16: [989, `${NV}/h100 (1,979 with sparsity, halved)`],
    link: ['NVLink 4', `${NV}/h100`],
    linkSpeed: [900, `${NV}/h100`],
    power: [700, `${NV}/h100`],
  },
  {
    id: 'nvidia-h200-141g',
    vendorClass: 'nvidia',
    name: { en: 'NVIDIA H200 SXM 141GB', zh: '英伟达 H200 SXM 141GB' },
    memory: [141, `${NV}/h200`],
    bandwidth: [4800, `${NV}/h200`],
    bf16: [989, `${NV}/h200 (1,979 with sparsity, halved)`],
    link: ['NVLink 4', `${NV}/h200`],
    linkSpeed: [900, 'https://github.com/mlcommons/inference_results_v4.1 H200-SXM-141GBx8 system description'],
    power: [700, 'https://github.com/mlcommons/inference_results_v4.1 H200-SXM-141GBx8 system description'],
  },
  {
    id: 'nvidia-h20-96g',
    vendorClass: 'nvidia',
    name: { en: 'NVIDIA H20 SXM 96GB', zh: '英伟达 H20 SXM 96GB' },
    memory: [96, H20_CARD],
    bandwidth: [4000, H20_TABLE],
    bf16: [148, H20_CARD],
    link: ['NVLink 4', H20_TABLE],
    linkSpeed: [900, H20_TABLE],
    power: [400, H20_CARD],
  },
  {
    id: 'nvidia-a100-80g',
    vendorClass: 'nvidia',
    name: { en: 'NVIDIA A100 SXM 80GB', zh: '英伟达 A100 SXM 80GB' },
    memory: [80, A100_SHEET],
    bandwidth: [2039, A100_SHEET],
    bf16: [312, A100_SHEET],
    link: ['NVLink 3', A100_SHEET],
    linkSpeed: [600, A100_SHEET],
    power: [400, A100_SHEET],
  },
  {
    id: 'nvidia-l40s-48g',
    vendorClass: 'nvidia',
    name: { en: 'NVIDIA L40S 48GB', zh: '英伟达 L40S 48GB' },
    memory: [48, `${NV}/l40s`],
    bandwidth: [864, `${NV}/l40s`],
    bf16: [362, `${NV}/l40s (733 with sparsity)`],
    link: ['PCIe 4.0 x16', `${NV}/l40s`],
    linkSpeed: [64, `${NV}/l40s`],
    power: [350, `${NV}/l40s`],
  },
  {
    id: 'amd-mi300x-192g',
    vendorClass: 'amd',
    name: { en: 'AMD Instinct MI300X 192GB', zh: 'AMD Instinct MI300X 192GB' },
    memory: [192, AMD_SHEET],
    bandwidth: [5300, AMD_SHEET],
    bf16: [1307, AMD_SHEET],
    link: ['Infinity Fabric (xGMI)', AMD_SHEET],
    linkSpeed: [896, `${AMD_SHEET} (7 links of 128 GB/s)`],
    power: [750, AMD_SHEET],
  },
  {
    id: 'ascend-910b3-64g',
    vendorClass: 'ascend',
    name: { en: 'Huawei Ascend 910B3 64GB', zh: '华为昇腾 910B3 64GB' },
    memory: [64, NPU_SMI],
    bandwidth: [1600, `${CANN_910B}; table of Atlas A2`],
    bf16: [294, CANN_910B],
    link: ['HCCS', H20_TABLE],
    linkSpeed: [392, H20_TABLE],
    power: [400, H20_TABLE],
  },
  {
    id: 'cambricon-mlu590-80g',
    vendorClass: 'cambricon',
    name: { en: 'Cambricon MLU590 80GB', zh: '寒武纪 思元590 80GB' },
    memory: [80, MLU590_USERS],
    bandwidth: UNKNOWN,
    bf16: UNKNOWN,
    link: ['MLU-Link', 'https://github.com/Cambricon/cambricon-k8s-device-plugin (MLULink allocation policies)'],
    linkSpeed: UNKNOWN,
    power: UNKNOWN,
  },
  {
    id: 'hygon-k100-ai-64g',
    vendorClass: 'hygon',
    name: { en: 'Hygon DCU K100-AI 64GB', zh: '海光 DCU K100-AI 64GB' },
    memory: [64, HAMI_DCU],
    bandwidth: UNKNOWN,
    bf16: UNKNOWN,
    link: ['xGMI', 'https://www.vzkoo.com/read/2024051540a9a146aec194e8412980de.html (of the DCU family)'],
    linkSpeed: UNKNOWN,
    power: [400, HAMI_DCU],
  },
  {
    id: 'mthreads-s4000-48g',
    vendorClass: 'mthreads',
    name: { en: 'Moore Threads MTT S4000 48GB', zh: '摩尔线程 MTT S4000 48GB' },
    memory: [48, S4000_NEWS],
    bandwidth: [768, S4000_NEWS],
    bf16: [100, S4000_NEWS],
    link: ['MTLink 1.0', S4000_NEWS],
    linkSpeed: [240, S4000_NEWS],
    power: UNKNOWN,
  },
  {
    id: 'metax-c500-64g',
    vendorClass: 'metax',
    name: { en: 'MetaX C500 64GB', zh: '沐曦 曦云 C500 64GB' },
    memory: [64, `${FLAGPERF} (MetaX C500 64G)`],
    bandwidth: [1800, `${FLAGPERF}/main_memory-bandwidth/metax (rated value)`],
    bf16: [280, METAX_CARD],
    link: ['MetaXLink', 'https://developer.metax-tech.com'],
    linkSpeed: UNKNOWN,
    power: [350, `${FLAGPERF} (MetaX C500, TDP)`],
  },
  {
    id: 'kunlunxin-p800-96g',
    vendorClass: 'kunlunxin',
    name: { en: 'Kunlunxin P800 OAM 96GB', zh: '昆仑芯 P800 OAM 96GB' },
    memory: [96, P800_SMI],
    bandwidth: UNKNOWN,
    bf16: [345, P800_REPORT],
    link: UNKNOWN,
    linkSpeed: UNKNOWN,
    power: [400, P800_SMI],
  },
  {
    id: 'iluvatar-bi-v150-64g',
    vendorClass: 'iluvatar',
    name: { en: 'Iluvatar BI-V150 64GB', zh: '天数智芯 天垓150 64GB' },
    memory: [64, BI150_CARD],
    bandwidth: UNKNOWN,
    bf16: [196, `${FLAGPERF}/computation-BF16/iluvatar/BI150 (measured; no rated value is published)`],
    link: ['PCIe 4.0 x16', BI150_CARD],
    linkSpeed: [64, `${BI150_CARD} (16 lanes of PCIe 4.0)`],
    power: [350, BI150_CARD],
  },
  {
    id: 'cpu-small-2g',
    vendorClass: 'cpu',
    name: { en: 'CPU small (1 vCPU, 2 GB)', zh: 'CPU 小型（1 vCPU，2 GB）' },
    memory: [2, 'docs/adr/0045-node-agent.md (our own share of a host)'],
    bandwidth: UNKNOWN,
    bf16: UNKNOWN,
    link: UNKNOWN,
    linkSpeed: UNKNOWN,
    power: UNKNOWN,
  },
];

function toModel(row: ModelRow): AcceleratorModel {
  return {
    id: row.id,
    vendorClass: row.vendorClass,
    name: row.name,
    memoryBytes: row.memory[0] * GIB,
    memoryBandwidthGbS: row.bandwidth[0],
    bf16Tflops: row.bf16[0],
    interconnect: row.link[0],
    interconnectGbS: row.linkSpeed[0],
    powerW: row.power[0],
    sources: {
      memoryBytes: row.memory[1],
      memoryBandwidthGbS: row.bandwidth[1],
      bf16Tflops: row.bf16[1],
      interconnect: row.link[1],
      interconnectGbS: row.linkSpeed[1],
      powerW: row.power[1],
    },
  };
}

/** Every model, in the order in which they are shown. */
export const ACCELERATOR_MODELS: readonly AcceleratorModel[] = ROWS.map(toModel);

const BY_ID = new Map(ACCELERATOR_MODELS.map((model) => [model.id, model]));

/** The model of an id, or null when the catalogue does not have it. */
export function findAccelerator(id: string): AcceleratorModel | null {
  return BY_ID.get(id) ?? null;
}

/** The model of an id. Throws RangeError for an unknown id. */
export function acceleratorModel(id: string): AcceleratorModel {
  const model = BY_ID.get(id);
  if (!model) throw new RangeError(`no accelerator model "${id}" in the catalogue`);
  return model;
}
