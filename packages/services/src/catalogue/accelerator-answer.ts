import type { accelerator } from '@suanxiang/contract/schemas/fleet';
import { ACCELERATOR_VENDORS } from '@suanxiang/domain/accelerator-vendors';
import type { AcceleratorModel } from '@suanxiang/domain/accelerators';
import type { z } from 'zod';

const GIB = 1024 ** 3;

/** A model of the catalogue as the API shows it. */
export function acceleratorAnswer(model: AcceleratorModel): z.input<typeof accelerator> {
  return {
    id: model.id,
    vendor: ACCELERATOR_VENDORS[model.vendorClass].vendor.en,
    vendor_class: model.vendorClass,
    name: model.name,
    memory_gib: model.memoryBytes / GIB,
    memory_bandwidth_gb_s: model.memoryBandwidthGbS,
    bf16_tflops: model.bf16Tflops,
    interconnect: model.interconnect,
    interconnect_gb_s: model.interconnectGbS,
    power_w: model.powerW,
  };
}
