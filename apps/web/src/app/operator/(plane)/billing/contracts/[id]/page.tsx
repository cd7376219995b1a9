import { ContractPage } from '@/features/operator-billing/contract-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorContracts');

export default operatorPage(async ({ params, load }) => {
  const contract_id = params.id ?? '';
  await load('operatorContract', { params: { contract_id } });
  return <ContractPage id={contract_id} />;
});
