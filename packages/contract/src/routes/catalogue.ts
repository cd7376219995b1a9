import { z } from 'zod';
import { ok, route } from '../route';
import * as fleet from '../schemas/fleet';
import { text } from './shared';

/** What can be rented, where and for how much. */
export const catalogueRoutes = [
  route({
    operationId: 'listRegions',
    method: 'GET',
    path: '/v1/regions',
    tag: 'Catalogue',
    auth: 'public',
    summary: text('Regions and zones', '地域与可用区'),
    cli: 'regions list',
    response: ok(z.object({ items: z.array(fleet.region) })),
  }),
  route({
    operationId: 'listAccelerators',
    method: 'GET',
    path: '/v1/accelerators',
    tag: 'Catalogue',
    auth: 'public',
    summary: text('Accelerator models', '加速卡型号'),
    cli: 'accelerators list',
    response: ok(z.object({ items: z.array(fleet.accelerator) })),
  }),
  route({
    operationId: 'listOffers',
    method: 'GET',
    path: '/v1/offers',
    tag: 'Catalogue',
    auth: 'public',
    summary: text(
      'What can be rented now: price and live stock by model and region',
      '可租用资源：各型号各地域的价格与实时库存',
    ),
    cli: 'offers list',
    query: fleet.offersQuery,
    response: ok(z.object({ items: z.array(fleet.offer) })),
  }),
] as const;
