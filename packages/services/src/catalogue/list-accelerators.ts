import { ACCELERATOR_MODELS } from '@suanxiang/domain/accelerators';
import type { UseCase } from '../use-case';
import { acceleratorAnswer } from './accelerator-answer';

/** The catalogue of models, whether or not any is in stock. */
export const listAccelerators: UseCase<'listAccelerators'> = async () => ({
  items: ACCELERATOR_MODELS.map(acceleratorAnswer),
});
