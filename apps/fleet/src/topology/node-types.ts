import type { VendorClass } from '@suanxiang/domain/accelerator-vendors';

/** What the hosts of a vendor's accelerators look like. Versions are ones that exist, chosen once. */
export interface NodeType {
  vcpus: number;
  memoryGib: number;
  driverVersion: string;
  runtimeVersion: string;
  /** Groups of accelerators that share the fast link: 1 = all eight, 2 = two groups of four. */
  islands: 1 | 2;
}

const type = (
  vcpus: number,
  memoryGib: number,
  driverVersion: string,
  runtimeVersion: string,
  islands: 1 | 2,
): NodeType => ({ vcpus, memoryGib, driverVersion, runtimeVersion, islands });

export const NODE_TYPES: Record<VendorClass, NodeType> = {
  nvidia: type(192, 2_048, '570.124.06', 'CUDA 12.8', 1),
  amd: type(192, 2_304, '6.12.12', 'ROCm 6.4.1', 1),
  ascend: type(192, 1_536, '24.1.rc3', 'CANN 8.1.RC1', 1),
  cambricon: type(128, 1_024, 'v6.2.11', 'Neuware 4.7.2', 1),
  hygon: type(128, 1_024, '6.3.8', 'DTK 25.04', 2),
  mthreads: type(128, 1_024, '2.7.0', 'MUSA 3.1.0', 2),
  metax: type(128, 1_024, '2.14.8', 'MACA 2.33.0', 2),
  iluvatar: type(128, 1_024, '4.4.0', 'CoreX 4.4.0', 2),
  kunlunxin: type(160, 1_536, '5.0.21', 'XRE 5.0.21', 1),
  cpu: type(8, 16, '6.1.0', 'Podman 4.3.1', 1),
  enflame: type(128, 1_024, '1.2.0', 'TopsRider 3.2', 2),
};

/** Accelerators behind PCIe alone form islands of one CPU socket each. */
export function islandsOf(vendorClass: VendorClass, interconnect: string | null): 1 | 2 {
  return interconnect?.startsWith('PCIe') ? 2 : NODE_TYPES[vendorClass].islands;
}
