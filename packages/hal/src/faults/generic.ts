import type { FaultEntry, Severity } from './severity';

const OWN = 'our own rule; docs/adr/0022-one-telemetry-schema.md';
const NVIDIA_MEMORY = 'https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt/';

const entry = (code: string, severity: Severity, en: string, zh: string, source = OWN): FaultEntry => ({
  vendor: null,
  code,
  severity,
  meaning: { en, zh },
  source,
});

/** Conditions that any device can be in; those that one reading shows are found when an output is read. */
export const GENERIC_FAULTS: readonly FaultEntry[] = [
  entry('lost', 'failed', 'The driver can no longer reach the device', '驱动已无法访问该设备'),
  entry('heartbeat-lost', 'failed', 'The node stopped reporting', '节点停止上报心跳'),
  entry('count-low', 'failed', 'Fewer devices than were discovered', '设备数量少于发现时的数量'),
  entry('reading-failed', 'degraded', 'The tool printed an error where a reading belongs', '工具在读数处输出了错误'),
  entry('vendor-warning', 'degraded', "The vendor's tool reports a warning", '厂商工具报告警告'),
  entry('vendor-alarm', 'failed', "The vendor's tool reports the device as unhealthy", '厂商工具报告设备不健康'),
  entry(
    'ecc-uncorrected',
    'drain',
    'Uncorrected memory errors since the last reset',
    '上次复位以来出现不可纠正的内存错误',
    NVIDIA_MEMORY,
  ),
  entry(
    'ecc-uncorrected-earlier',
    'degraded',
    'Uncorrected memory errors in an earlier life, none since',
    '历史上出现过不可纠正的内存错误，近期没有',
  ),
  entry('ecc-rate', 'degraded', 'Corrected memory errors grow fast', '可纠正内存错误增长过快'),
  entry(
    'page-retirement-pending',
    'degraded',
    'Memory pages wait for a reset to be retired',
    '有内存页等待复位后停用',
    NVIDIA_MEMORY,
  ),
  entry(
    'row-remap-pending',
    'degraded',
    'Memory rows wait for a reset to be remapped',
    '有内存行等待复位后重映射',
    NVIDIA_MEMORY,
  ),
  entry('row-remap-failed', 'drain', 'Remapping of a memory row failed', '内存行重映射失败', NVIDIA_MEMORY),
  entry(
    'sram-threshold',
    'drain',
    'Uncorrected errors in on-chip memory passed the limit for exchange',
    '片上存储不可纠正错误超过更换阈值',
    NVIDIA_MEMORY,
  ),
  entry('link-down', 'degraded', 'Fewer links between devices are up than the device has', '设备间互联链路数量减少'),
  entry('pcie-reduced', 'degraded', 'The PCIe link is narrower than it should be', 'PCIe 链路宽度低于应有值'),
  entry('throttle-thermal', 'degraded', 'The clock is held down because of heat', '因温度过高降频'),
  entry('throttle-hardware', 'degraded', 'The hardware holds the clock down', '硬件强制降频'),
  entry('throttle-power', 'degraded', 'The clock is held down by the power supply', '因供电限制降频'),
  entry('memory-low', 'drain', 'The device or host has less memory than its model', '内存容量低于该型号应有值'),
  entry('compute-wrong', 'failed', 'A known computation gave a wrong result', '已知计算得出错误结果'),
  entry('clock-off', 'drain', "The node's clock is too far off for metering", '节点时钟偏差过大，无法计量'),
  entry('clock-skew', 'degraded', "The node's clock is off", '节点时钟偏差过大'),
  entry(
    'straggler',
    'degraded',
    'The device is slower than its peers in the same job',
    '同一任务中该设备明显慢于其他设备',
  ),
];
