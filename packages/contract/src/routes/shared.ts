import { z } from 'zod';
import { countedPageQuery, idOf, pageQuery } from '../schemas/common';

/** Query of a list without filters. */
export const pages = z.strictObject(countedPageQuery);

/** The same for a list that is too long to be counted. */
export const uncountedPages = z.strictObject(pageQuery);

/** A text in both languages. */
export const text = (en: string, zh: string) => ({ en, zh });

/** What a request that takes accelerators may be refused for. */
export const admission = [
  'payment_required',
  'spend_cap_reached',
  'quota_exceeded',
  'capacity_unavailable',
  'name_taken',
  'unprocessable',
] as const;

export const byInstance = z.strictObject({ instance_id: idOf('workloadInstance') });
export const byCluster = z.strictObject({ cluster_id: idOf('workloadCluster') });
