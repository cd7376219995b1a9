import { findAccelerator } from '@suanxiang/domain/accelerators';
import type { Bilingual } from '@suanxiang/domain/locale';

/** A model by the name that people know it by; one that the catalogue does not have goes by its id. */
export function modelText(modelId: string): Bilingual {
  return findAccelerator(modelId)?.name ?? { en: modelId, zh: modelId };
}
