import type { VendorClass } from '@suanxiang/domain/accelerator-vendors';

/** How to ask the tool of a vendor on this host. */
export interface HostTool {
  vendorClass: VendorClass;
  /** Program and arguments. */
  command: readonly [string, ...string[]];
  /** Name of its parser (packages/hal/src/vendors/tools.ts). */
  parser: string;
  /** What the vendor's variable for visible devices names a device by. */
  visibleBy: 'uuid' | 'index';
}

/** Asked in this order; a tool that is not installed is no answer. */
export const HOST_TOOLS: readonly HostTool[] = [
  { vendorClass: 'nvidia', command: ['nvidia-smi', '-q', '-x'], parser: 'nvidia-smi-xml', visibleBy: 'uuid' },
  { vendorClass: 'amd', command: ['rocm-smi', '-a', '--json'], parser: 'rocm-smi-json', visibleBy: 'index' },
  { vendorClass: 'ascend', command: ['npu-smi', 'info'], parser: 'npu-smi-info', visibleBy: 'index' },
  { vendorClass: 'cambricon', command: ['cnmon', 'info'], parser: 'cnmon-info', visibleBy: 'index' },
  { vendorClass: 'hygon', command: ['hy-smi'], parser: 'hy-smi', visibleBy: 'index' },
  {
    vendorClass: 'mthreads',
    command: ['mthreads-gmi', '-q', '--json'],
    parser: 'mthreads-gmi-json',
    visibleBy: 'index',
  },
  { vendorClass: 'metax', command: ['mx-smi'], parser: 'mx-smi', visibleBy: 'index' },
  { vendorClass: 'iluvatar', command: ['ixsmi'], parser: 'ixsmi', visibleBy: 'index' },
  { vendorClass: 'kunlunxin', command: ['xpu-smi'], parser: 'xpu-smi', visibleBy: 'index' },
  { vendorClass: 'enflame', command: ['efsmi'], parser: 'efsmi', visibleBy: 'index' },
];
