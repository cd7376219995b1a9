import type { Bilingual } from './locale';

/** Vendors of accelerators: what all models of one have in common, as plain data. Models stand in accelerators.ts. */
export const VENDOR_CLASSES = [
  'nvidia',
  'amd',
  'ascend',
  'cambricon',
  'hygon',
  'mthreads',
  'metax',
  'iluvatar',
  'kunlunxin',
  'enflame',
  'cpu',
] as const;
export type VendorClass = (typeof VENDOR_CLASSES)[number];

/** What all models of a vendor have in common: how a container gets and names them. */
export interface AcceleratorVendor {
  vendor: Bilingual;
  /** Extended resource of the vendor's device plugin. */
  kubernetesResource: string;
  /** Variable that tells the vendor's container runtime which devices to inject; null when it has none. */
  visibleDevicesEnv: string | null;
  /** Device nodes a container needs; `{n}` stands for the device's number. */
  deviceNodes: readonly string[];
  collectiveLibrary: string;
  /** Variable by which its collective library is told which network interface nodes meet on; null where none is documented. */
  collectiveInterfaceEnv: string | null;
  /** Device type to pass to torch.device(). */
  pytorchDevice: string;
  source: string;
}

const K8S_SURVEY =
  'https://github.com/LinkMaq/kube-accelerator-sim accelerator evidence catalogue, 2026-07-29, quoting each vendor';
const RUNTIME_TABLE = 'https://github.com/gpustack/runtime resource and visible-devices tables';

export const ACCELERATOR_VENDORS: Record<VendorClass, AcceleratorVendor> = {
  nvidia: {
    vendor: { en: 'NVIDIA', zh: '英伟达' },
    kubernetesResource: 'nvidia.com/gpu',
    visibleDevicesEnv: 'NVIDIA_VISIBLE_DEVICES',
    deviceNodes: ['/dev/nvidia{n}', '/dev/nvidiactl', '/dev/nvidia-uvm'],
    collectiveLibrary: 'NCCL',
    collectiveInterfaceEnv: 'NCCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: 'https://github.com/NVIDIA/k8s-device-plugin; https://github.com/NVIDIA/nvidia-container-toolkit',
  },
  amd: {
    vendor: { en: 'AMD', zh: 'AMD' },
    kubernetesResource: 'amd.com/gpu',
    visibleDevicesEnv: 'ROCR_VISIBLE_DEVICES',
    deviceNodes: ['/dev/kfd', '/dev/dri/renderD{n}'],
    collectiveLibrary: 'RCCL',
    collectiveInterfaceEnv: 'NCCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: 'https://instinct.docs.amd.com/projects/k8s-device-plugin; https://rocm.docs.amd.com',
  },
  ascend: {
    vendor: { en: 'Huawei Ascend', zh: '华为昇腾' },
    kubernetesResource: 'huawei.com/Ascend910',
    visibleDevicesEnv: 'ASCEND_VISIBLE_DEVICES',
    deviceNodes: ['/dev/davinci{n}', '/dev/davinci_manager', '/dev/devmm_svm', '/dev/hisi_hdc'],
    collectiveLibrary: 'HCCL',
    collectiveInterfaceEnv: 'HCCL_SOCKET_IFNAME',
    pytorchDevice: 'npu',
    source: 'https://gitee.com/ascend/mind-cluster; https://docs.vllm.ai/projects/ascend container instructions',
  },
  cambricon: {
    vendor: { en: 'Cambricon', zh: '寒武纪' },
    kubernetesResource: 'cambricon.com/mlu',
    visibleDevicesEnv: 'CAMBRICON_VISIBLE_DEVICES',
    deviceNodes: ['/dev/cambricon_dev{n}', '/dev/cambricon_ctl'],
    collectiveLibrary: 'CNCL',
    collectiveInterfaceEnv: null,
    pytorchDevice: 'mlu',
    source: `https://github.com/Cambricon/cambricon-k8s-device-plugin; ${RUNTIME_TABLE}`,
  },
  hygon: {
    vendor: { en: 'Hygon', zh: '海光' },
    kubernetesResource: 'hygon.com/dcu',
    visibleDevicesEnv: 'HYGON_VISIBLE_DEVICES',
    deviceNodes: ['/dev/kfd', '/dev/mkfd', '/dev/dri/renderD{n}'],
    collectiveLibrary: 'RCCL',
    collectiveInterfaceEnv: 'NCCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: `https://developer.sourcefind.cn; ${RUNTIME_TABLE}`,
  },
  mthreads: {
    vendor: { en: 'Moore Threads', zh: '摩尔线程' },
    kubernetesResource: 'mthreads.com/gpu',
    visibleDevicesEnv: 'MTHREADS_VISIBLE_DEVICES',
    deviceNodes: ['/dev/mtgpu.{n}', '/dev/dri/renderD{n}'],
    collectiveLibrary: 'MCCL',
    collectiveInterfaceEnv: 'MCCL_SOCKET_IFNAME',
    pytorchDevice: 'musa',
    source: 'https://docs.mthreads.com/en/cloud-native; https://github.com/MooreThreads/torch_musa',
  },
  metax: {
    vendor: { en: 'MetaX', zh: '沐曦' },
    kubernetesResource: 'metax-tech.com/gpu',
    // Its runtime has no variable of its own; inside the container CUDA_VISIBLE_DEVICES selects.
    visibleDevicesEnv: null,
    deviceNodes: ['/dev/mxcd', '/dev/dri/renderD{n}'],
    collectiveLibrary: 'MCCL (MetaX)',
    collectiveInterfaceEnv: 'MCCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: `https://developer.metax-tech.com; ${RUNTIME_TABLE}`,
  },
  iluvatar: {
    vendor: { en: 'Iluvatar CoreX', zh: '天数智芯' },
    kubernetesResource: 'iluvatar.com/gpu',
    visibleDevicesEnv: 'IX_VISIBLE_DEVICES',
    deviceNodes: ['/dev/iluvatar{n}'],
    collectiveLibrary: 'ixCCL',
    collectiveInterfaceEnv: 'NCCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: `https://gitee.com/deep-spark/ix-device-plugin; ${RUNTIME_TABLE}`,
  },
  kunlunxin: {
    vendor: { en: 'Kunlunxin', zh: '昆仑芯' },
    kubernetesResource: 'kunlunxin.com/xpu',
    visibleDevicesEnv: 'XPU_VISIBLE_DEVICES',
    deviceNodes: ['/dev/xpu{n}', '/dev/xpuctrl'],
    collectiveLibrary: 'BKCL',
    collectiveInterfaceEnv: 'BKCL_SOCKET_IFNAME',
    pytorchDevice: 'cuda',
    source: 'https://project-hami.io/docs/userguide/kunlunxin-device; https://paddlepaddle.github.io/FastDeploy',
  },
  enflame: {
    vendor: { en: 'Enflame', zh: '燧原' },
    kubernetesResource: 'enflame.com/gcu',
    visibleDevicesEnv: 'ENFLAME_VISIBLE_DEVICES',
    deviceNodes: ['/dev/gcu{n}'],
    collectiveLibrary: 'ECCL',
    collectiveInterfaceEnv: 'ECCL_SOCKET_IFNAME',
    pytorchDevice: 'gcu',
    source: `https://github.com/EnflameTechnology/gcushare; ${K8S_SURVEY}`,
  },
  // No accelerator at all: shares of a host's processors, so that a machine without accelerators can be offered, too.
  cpu: {
    vendor: { en: 'CPU', zh: 'CPU' },
    kubernetesResource: 'suanxiang.com/cpu',
    visibleDevicesEnv: null,
    deviceNodes: [],
    collectiveLibrary: 'Gloo',
    collectiveInterfaceEnv: null,
    pytorchDevice: 'cpu',
    source: 'https://docs.pytorch.org/docs/stable/distributed.html (Gloo is the backend for CPU)',
  },
};
