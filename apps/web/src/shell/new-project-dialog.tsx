'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { useConsole } from './console-context';

/** Creates a project and goes there. */
export default function NewProjectDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('scope');
  const common = useTranslations('common');
  const router = useRouter();
  const { orgSlug } = useConsole();
  const create = useApiMutation('createProject', ['listProjects']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).createProjectBody,
    body: ({ name = '' }) => ({ name: name.trim() }),
    send: async (body) => {
      const project = await create.mutateAsync({ body });
      onClose();
      router.push(paths.overview(orgSlug, project.slug));
    },
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('newProject')} description={t('newProjectHint')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <Field label={t('projectName')} error={form.problemOf('name', common('nameRule'))}>
          {(control) => <Input {...control} name="name" maxLength={63} autoComplete="off" />}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} className="mt-4" />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {common('create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
