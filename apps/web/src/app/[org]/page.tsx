import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { PROJECT_COOKIE } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { consolePage } from '@/server/console-page';
import { rememberedProject } from '@/server/remembered-project';

export default consolePage(async ({ params, projects }) => {
  const org = params.org ?? '';
  const cookie = (await cookies()).get(PROJECT_COOKIE)?.value;
  redirect(paths.overview(org, rememberedProject(cookie, org, projects)));
});
