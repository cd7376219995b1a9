import { AMD_SMI_MAPPING, parseAmdSmiJson } from './amd/amd-smi-json';
import { AMD_PROM } from './amd/prom';
import { parseRocmSmiJson, ROCM_SMI_MAPPING } from './amd/rocm-smi-json';
import { NPU_SMI_INFO_MAPPING, parseNpuSmiInfo } from './ascend/npu-smi-info';
import { NPU_SMI_T_MAPPING, parseNpuSmiT } from './ascend/npu-smi-t';
import { NPU_PROM } from './ascend/prom';
import { parseBrsmi } from './biren/brsmi';
import { CNMON_MAPPING, parseCnmonInfo } from './cambricon/cnmon-info';
import { MLU_PROM } from './cambricon/prom';
import { EFSMI_MAPPING, parseEfsmi } from './enflame/efsmi';
import { HY_SMI_TABLE_MAPPING, parseHySmi } from './hygon/hy-smi';
import { HY_SMI_MAPPING, parseHySmiJson } from './hygon/hy-smi-json';
import { DCU_PROM } from './hygon/prom';
import { parseIxsmi } from './iluvatar/ixsmi';
import { IX_PROM } from './iluvatar/prom';
import { parseHlSmi } from './intel/hl-smi';
import { HL_SMI_CSV_MAPPING, parseHlSmiCsv } from './intel/hl-smi-csv';
import { GAUDI_PROM } from './intel/prom';
import { parseXpuSmi, XPU_SMI_M_MAPPING } from './kunlunxin/xpu-smi';
import { parseMxSmi } from './metax/mx-smi';
import { MX_PROM } from './metax/prom';
import { GMI_TABLE_MAPPING, parseGmi } from './mthreads/gmi';
import { GMI_JSON_MAPPING, parseGmiJson } from './mthreads/gmi-json';
import { MTGPU_PROM } from './mthreads/prom';
import { parseDmesgXid } from './nvidia/dmesg-xid';
import { parseNvlinkStatus } from './nvidia/nvlink';
import { NVIDIA_PROM } from './nvidia/prom';
import { parseSmiCsv, SMI_CSV_MAPPING } from './nvidia/smi-csv';
import { parseSmiQuery } from './nvidia/smi-q';
import { parseSmiTable } from './nvidia/smi-table';
import { parseSmiXml } from './nvidia/smi-xml';
import { SMI_XML_MAPPING } from './nvidia/smi-xml-mapping';
import { DEVICE_TABLE_MAPPING } from './shared/device-table';
import { type MappingRule, rule } from './shared/mapping';
import { type PromSpec, parsePromDevices, promMapping } from './shared/prom-devices';
import type { Vendor } from './shared/reading';
import type { ToolSpec } from './shared/tool';
import { parseTopology } from './shared/topology';

/** A topology numbers its devices. */
const TOPOLOGY_MAPPING: readonly MappingRule[] = [rule('GPUn, NPUn (row)', 'index', 'count')];

const NVLINK_MAPPING: readonly MappingRule[] = [
  rule('GPU N', 'index', 'count'),
  rule('text after "GPU N:"', 'model', 'text'),
  rule('UUID', 'uuid', 'text'),
  rule('lines "Link N: ... GB/s"', 'link_up', 'count'),
  rule('lines "Link N: ..."', 'link_total', 'count'),
];

const spec = (
  vendor: Vendor,
  command: string,
  source: string,
  mapping: readonly MappingRule[],
  parse: ToolSpec['parse'],
): ToolSpec => ({ vendor, command, source, mapping, parse });

const prom = (page: PromSpec): [readonly MappingRule[], ToolSpec['parse']] => [
  promMapping(page),
  (text, context) => parsePromDevices(text, context, page),
];

/** Every tool whose output can be read, by the name that `hal:parse --tool` takes. */
export const TOOLS: Readonly<Record<string, ToolSpec>> = {
  'nvidia-smi-xml': spec('nvidia', 'nvidia-smi -q -x', 'nvsmi_device DTDs v4 to v13', SMI_XML_MAPPING, parseSmiXml),
  'nvidia-smi-q': spec('nvidia', 'nvidia-smi -q', 'nvidia-smi --help', SMI_XML_MAPPING, parseSmiQuery),
  'nvidia-smi-csv': spec(
    'nvidia',
    'nvidia-smi --query-gpu=... --format=csv',
    'nvidia-smi --help-query-gpu',
    SMI_CSV_MAPPING,
    parseSmiCsv,
  ),
  'nvidia-smi': spec('nvidia', 'nvidia-smi', 'outputs of drivers 418 to 580', DEVICE_TABLE_MAPPING, parseSmiTable),
  'nvidia-smi-topo': spec('nvidia', 'nvidia-smi topo -m', 'nvidia-smi topo --help', TOPOLOGY_MAPPING, parseTopology),
  'nvidia-smi-nvlink': spec(
    'nvidia',
    'nvidia-smi nvlink --status',
    'nvidia-smi nvlink --help',
    NVLINK_MAPPING,
    parseNvlinkStatus,
  ),
  'dmesg-xid': spec('nvidia', 'dmesg', 'https://docs.nvidia.com/deploy/xid-errors/', [], parseDmesgXid),
  'dcgm-prom': spec(
    'nvidia',
    'dcgm-exporter, nvidia_gpu_exporter',
    'https://github.com/NVIDIA/dcgm-exporter default counters',
    ...prom(NVIDIA_PROM),
  ),
  'rocm-smi-json': spec(
    'amd',
    'rocm-smi -a --json',
    'https://github.com/ROCm/rocm_smi_lib',
    ROCM_SMI_MAPPING,
    parseRocmSmiJson,
  ),
  'amd-smi-json': spec(
    'amd',
    'amd-smi static|metric|monitor|topology --json',
    'https://rocm.docs.amd.com/projects/amdsmi',
    AMD_SMI_MAPPING,
    parseAmdSmiJson,
  ),
  'amd-prom': spec(
    'amd',
    'device-metrics-exporter',
    'https://github.com/ROCm/device-metrics-exporter',
    ...prom(AMD_PROM),
  ),
  'hl-smi': spec('intel', 'hl-smi', 'https://docs.habana.ai', DEVICE_TABLE_MAPPING, parseHlSmi),
  'hl-smi-csv': spec('intel', 'hl-smi -Q ... -f csv', 'https://docs.habana.ai', HL_SMI_CSV_MAPPING, parseHlSmiCsv),
  'gaudi-prom': spec(
    'intel',
    'Gaudi metric exporter',
    'https://docs.habana.ai/en/latest/Orchestration/Prometheus_Metric_Exporter.html',
    ...prom(GAUDI_PROM),
  ),
  'npu-smi-info': spec(
    'ascend',
    'npu-smi info',
    'https://support.huawei.com npu-smi command reference',
    NPU_SMI_INFO_MAPPING,
    parseNpuSmiInfo,
  ),
  'npu-smi-topo': spec(
    'ascend',
    'npu-smi info -t topo',
    'https://support.huawei.com npu-smi command reference',
    TOPOLOGY_MAPPING,
    parseTopology,
  ),
  'npu-smi-t': spec(
    'ascend',
    'npu-smi info -t usages|ecc|health|board|memory|temp|power ...',
    'https://support.huawei.com npu-smi command reference',
    NPU_SMI_T_MAPPING,
    parseNpuSmiT,
  ),
  'npu-prom': spec('ascend', 'npu-exporter', 'https://gitcode.com/Ascend/mind-cluster', ...prom(NPU_PROM)),
  'cnmon-info': spec(
    'cambricon',
    'cnmon, cnmon info',
    'CNMON user guide; outputs of v4.20 to v6',
    [...DEVICE_TABLE_MAPPING, ...CNMON_MAPPING],
    parseCnmonInfo,
  ),
  'mlu-prom': spec('cambricon', 'mlu-exporter', 'https://github.com/Cambricon/mlu-exporter', ...prom(MLU_PROM)),
  'hy-smi': spec(
    'hygon',
    'hy-smi',
    'outputs of DTK 23 to 26',
    [...HY_SMI_TABLE_MAPPING, ...HY_SMI_MAPPING],
    parseHySmi,
  ),
  'hy-smi-json': spec('hygon', 'hy-smi -a --json', 'outputs of DTK 23 to 26', HY_SMI_MAPPING, parseHySmiJson),
  'dcu-prom': spec('hygon', 'dcu-exporter', 'https://github.com/Project-HAMi/dcu-exporter', ...prom(DCU_PROM)),
  'mthreads-gmi': spec(
    'mthreads',
    'mthreads-gmi, mthreads-gmi -q',
    'https://docs.mthreads.com; outputs of 1.14 to 2.4',
    [...GMI_TABLE_MAPPING, ...GMI_JSON_MAPPING],
    parseGmi,
  ),
  'mthreads-gmi-json': spec(
    'mthreads',
    'mthreads-gmi -q --json',
    'https://docs.mthreads.com; outputs of 1.14 to 2.4',
    GMI_JSON_MAPPING,
    parseGmiJson,
  ),
  'mthreads-prom': spec('mthreads', 'mtgpu-exporter', 'metric names as collected by its users', ...prom(MTGPU_PROM)),
  'mx-smi': spec(
    'metax',
    'mx-smi, mx-smi topo -m (also as ht-smi)',
    'outputs of mx-smi 2.1 to 2.3',
    DEVICE_TABLE_MAPPING,
    parseMxSmi,
  ),
  'mx-prom': spec('metax', 'mx-exporter', 'mx-exporter user guide; units as HAMi-WebUI reads them', ...prom(MX_PROM)),
  ixsmi: spec(
    'iluvatar',
    'ixsmi, ixsmi -q -x, ixsmi --query-gpu=... --format=csv',
    'outputs of ixsmi 3 and 4',
    [...DEVICE_TABLE_MAPPING, ...SMI_CSV_MAPPING],
    parseIxsmi,
  ),
  'ix-prom': spec('iluvatar', 'ix-exporter', 'https://github.com/Deep-Spark/ix-exporter', ...prom(IX_PROM)),
  'xpu-smi': spec(
    'kunlunxin',
    'xpu-smi, xpu_smi, xpu_smi -m',
    'outputs of K200, R300 and P800',
    [...DEVICE_TABLE_MAPPING, ...XPU_SMI_M_MAPPING],
    parseXpuSmi,
  ),
  efsmi: spec(
    'enflame',
    'efsmi, efsmi -q',
    'outputs of efsmi 1.2 to 1.7',
    [...DEVICE_TABLE_MAPPING, ...EFSMI_MAPPING],
    parseEfsmi,
  ),
  brsmi: spec(
    'biren',
    'brsmi, brsmi gpu --query-gpu=... --format=csv',
    'the query as scripts of its users call it; the table as that of nvidia-smi',
    [...DEVICE_TABLE_MAPPING, ...SMI_CSV_MAPPING],
    parseBrsmi,
  ),
};

/** Names of the tools in the order of the vendors. */
export const TOOL_NAMES: readonly string[] = Object.keys(TOOLS);
