import { openOrganization } from './console';
import { namedTitle, type TitleKey } from './title';

/** Title of a page about one instance: its name, then the page. */
export function instanceTitle(key: TitleKey) {
  return namedTitle(key, async ({ org = '', id = '' }) => {
    const { api } = await openOrganization(org);
    return (await api.call('getInstance', { params: { instance_id: id } })).name;
  });
}

/** Title of a page about one cluster: its name, then the page. */
export function clusterTitle(key: TitleKey) {
  return namedTitle(key, async ({ org = '', id = '' }) => {
    const { api } = await openOrganization(org);
    return (await api.call('getCluster', { params: { cluster_id: id } })).name;
  });
}
