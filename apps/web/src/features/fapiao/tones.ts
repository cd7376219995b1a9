import type { FapiaoRequest } from '@/api/types';
import type { Tone } from '@/ui/badge';

export const FAPIAO_TONES: Record<FapiaoRequest['status'], Tone> = {
  requested: 'info',
  issued: 'success',
  rejected: 'danger',
};
