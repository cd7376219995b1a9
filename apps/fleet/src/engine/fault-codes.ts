import type { VendorClass } from '@suanxiang/domain/accelerator-vendors';
import { acceleratorModel } from '@suanxiang/domain/accelerators';

interface FaultCode {
  /** As the vendor's own tool or log names it. */
  vendorCode: string;
  message: string;
}

/**
 * One serious fault of each vendor. NVIDIA's and Ascend's codes are documented by their vendors; the others name the
 * counter of the vendor's tool that would report it.
 */
const FAULT_CODES: Record<VendorClass, FaultCode> = {
  nvidia: { vendorCode: 'XID 79', message: 'GPU has fallen off the bus.' },
  amd: { vendorCode: 'RAS UMC uncorrectable', message: 'Uncorrectable memory error reported by RAS.' },
  ascend: { vendorCode: '80E01801', message: 'HBM multi-bit ECC error.' },
  cambricon: {
    vendorCode: 'ECC uncorrected',
    message: 'Uncorrectable memory error; the card was taken out of service.',
  },
  hygon: { vendorCode: 'RAS UMC uncorrectable', message: 'Uncorrectable memory error reported by RAS.' },
  mthreads: { vendorCode: 'ECC double bit', message: 'Double-bit memory error; the GPU needs a reset.' },
  metax: { vendorCode: 'RAS uncorrectable', message: 'Uncorrectable memory error; the GPU is unavailable.' },
  iluvatar: { vendorCode: 'ECC double bit', message: 'Double-bit memory error; the GPU needs a reset.' },
  kunlunxin: { vendorCode: 'Uncorr. ECC', message: 'Uncorrectable memory error; the XPU needs a reset.' },
  cpu: { vendorCode: 'MCE UC', message: 'Uncorrectable machine check; the host needs a restart.' },
  enflame: { vendorCode: 'DBE', message: 'Double-bit memory error; the GCU needs a reset.' },
};

/** The fault that strikes a device of a model. */
export function deviceFaultOf(modelId: string): FaultCode {
  return FAULT_CODES[acceleratorModel(modelId).vendorClass];
}
