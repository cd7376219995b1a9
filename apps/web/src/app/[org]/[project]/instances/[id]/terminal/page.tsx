import { TerminalTab } from '@/features/workload/terminal-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('terminal');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getInstance', { params: { instance_id: id } });
  return <TerminalTab kind="instance" id={id} />;
});
