import type { Vendor } from '../vendors/shared/reading';
import type { FaultEntry, Severity } from './severity';

const AMD_RAS = 'https://docs.kernel.org/gpu/amdgpu/ras.html';
const AMD_EXPORTER = 'https://github.com/ROCm/device-metrics-exporter (gpu_health)';
const MLU_EXPORTER = 'https://github.com/Cambricon/mlu-exporter (mlu_health, mlu_ecc_*)';
const DCU_EXPORTER = 'https://github.com/Project-HAMi/dcu-exporter (dcu_ce_count, dcu_ue_count)';
const MX_EXPORTER = 'MetaX mx-exporter user guide (mx_gpu_state)';
const IX_EXPORTER = 'https://github.com/Deep-Spark/ix-exporter (ix_xid_errors, ix_ecc_dbe_vol_status)';

const entry = (
  vendor: Vendor,
  code: string,
  severity: Severity,
  en: string,
  zh: string,
  source: string,
): FaultEntry => ({ vendor, code, severity, meaning: { en, zh }, source });

/** Faults that the other vendors' tools and exporters can show. */
export const OTHER_FAULTS: readonly FaultEntry[] = [
  entry(
    'amd',
    'ras-deferred',
    'degraded',
    'Deferred memory errors: damaged data that nobody has read yet',
    '延迟错误：数据已损坏但尚未被读取',
    AMD_RAS,
  ),
  entry(
    'amd',
    'ras-uncorrectable',
    'drain',
    'Uncorrectable errors in a block of the GPU',
    'GPU 模块出现不可纠正错误',
    AMD_RAS,
  ),
  entry('amd', 'bad-page-pending', 'degraded', 'Bad memory pages wait to be retired', '坏内存页等待停用', AMD_RAS),
  entry('amd', 'bad-page-unreservable', 'drain', 'A bad memory page could not be retired', '坏内存页无法停用', AMD_RAS),
  entry(
    'amd',
    'gpu-unhealthy',
    'failed',
    'The exporter reports the GPU as unhealthy',
    '导出器报告 GPU 不健康',
    AMD_EXPORTER,
  ),
  entry(
    'cambricon',
    'mlu-unhealthy',
    'failed',
    'The driver reports the card as unhealthy',
    '驱动报告板卡不健康',
    MLU_EXPORTER,
  ),
  entry('cambricon', 'mlulink-down', 'degraded', 'An MLU-Link is down', 'MLU-Link 链路断开', MLU_EXPORTER),
  entry(
    'hygon',
    'ras-uncorrectable',
    'drain',
    'Uncorrectable errors in a block of the DCU',
    'DCU 模块出现不可纠正错误',
    DCU_EXPORTER,
  ),
  entry(
    'metax',
    'gpu-unavailable',
    'failed',
    'The driver reports the GPU as unavailable',
    '驱动报告 GPU 不可用',
    MX_EXPORTER,
  ),
  entry('iluvatar', 'xid', 'degraded', 'The driver reported an error code', '驱动报告错误码', IX_EXPORTER),
  entry('iluvatar', 'ecc-double-bit', 'drain', 'Double-bit memory error', '双比特内存错误', IX_EXPORTER),
];
