import { ACCELERATOR_VENDORS, VENDOR_CLASSES } from '@suanxiang/domain/accelerator-vendors';
import { ACCELERATOR_MODELS, acceleratorModel, findAccelerator } from '@suanxiang/domain/accelerators';
import { describe, expect, test } from 'vitest';

describe('accelerator catalogue', () => {
  test.each(ACCELERATOR_MODELS)('$id: each figure has a source exactly when it has a value', (model) => {
    for (const [figure, source] of Object.entries(model.sources)) {
      const value = model[figure as keyof typeof model.sources];
      expect([figure, value === null]).toEqual([figure, source === null]);
      if (typeof value === 'number') expect(value).toBeGreaterThan(0);
    }
  });

  test('ids are unique kebab case that begins with the vendor, and end with the memory in GB', () => {
    expect(new Set(ACCELERATOR_MODELS.map((model) => model.id)).size).toBe(ACCELERATOR_MODELS.length);
    for (const { id, vendorClass, memoryBytes } of ACCELERATOR_MODELS) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(id.startsWith(`${vendorClass}-`)).toBe(true);
      expect(Number(/(\d+)g$/.exec(id)?.[1]) * 1024 ** 3).toBe(memoryBytes);
    }
  });

  test('the models the product must offer are there, in both languages', () => {
    const ids = ACCELERATOR_MODELS.map((model) => model.id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'nvidia-h100-80g',
        'nvidia-h200-141g',
        'nvidia-h20-96g',
        'nvidia-a100-80g',
        'nvidia-l40s-48g',
        'amd-mi300x-192g',
        'ascend-910b3-64g',
        'cambricon-mlu590-80g',
        'hygon-k100-ai-64g',
        'mthreads-s4000-48g',
        'metax-c500-64g',
        'kunlunxin-p800-96g',
        'iluvatar-bi-v150-64g',
        'cpu-small-2g',
      ]),
    );
    for (const { name } of ACCELERATOR_MODELS) expect(name.en.length * name.zh.length).toBeGreaterThan(0);
  });

  test('every vendor says how a container gets its devices', () => {
    for (const vendorClass of VENDOR_CLASSES) {
      const vendor = ACCELERATOR_VENDORS[vendorClass];
      expect(vendor.kubernetesResource).toMatch(/^[a-z-]+(\.[a-z-]+)+\/[A-Za-z0-9]+$/);
      expect(vendor.deviceNodes.every((node) => node.startsWith('/dev/'))).toBe(true);
      // A share of the processors is no device.
      expect(vendor.deviceNodes.some((node) => node.includes('{n}'))).toBe(vendorClass !== 'cpu');
      expect(vendor.source).not.toBe('');
    }
  });

  test('look-up by id', () => {
    expect(acceleratorModel('nvidia-h100-80g').bf16Tflops).toBe(989);
    expect(findAccelerator('nvidia-h1000')).toBeNull();
    expect(() => acceleratorModel('nvidia-h1000')).toThrow(RangeError);
  });
});
