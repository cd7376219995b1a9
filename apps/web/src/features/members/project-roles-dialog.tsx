'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import type { Member } from '@/api/types';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { PROJECT_ROLE_ORDER } from './roles';

type ProjectRole = (typeof PROJECT_ROLE_ORDER)[number];

/** What a member may do in each project, beside their role in the organisation. Each choice is saved at once. */
export default function ProjectRolesDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('members');
  const common = useTranslations('common');
  const { projects, can } = useConsole();
  const set = useApiMutation('setProjectMember', ['listMembers', 'listProjectMembers']);
  const unset = useApiMutation('removeProjectMember', ['listMembers', 'listProjectMembers']);
  const [roles, setRoles] = useState<Record<string, ProjectRole | ''>>(() =>
    Object.fromEntries(member.project_roles.map(({ project_id, role }) => [project_id, role])),
  );
  const change = async (project_id: string, role: ProjectRole | '') => {
    try {
      if (role) await set.mutateAsync({ params: { project_id }, body: { membership_id: member.id, role } });
      else await unset.mutateAsync({ params: { project_id, membership_id: member.id } });
      setRoles((before) => ({ ...before, [project_id]: role }));
    } catch {
      // Said below.
    }
  };
  const error = set.error ?? unset.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('projectsOf', { name: member.name })}
      description={t('projectsText')}
    >
      <div className="space-y-4">
        {projects.map(({ id, name }) => (
          <Field key={id} label={name}>
            {(control) => (
              <Select
                {...control}
                value={roles[id] ?? ''}
                disabled={!can('project_member.modify') || set.isPending || unset.isPending}
                onChange={(event) => void change(id, event.target.value as ProjectRole | '')}
              >
                <option value="">{t('noRole')}</option>
                {PROJECT_ROLE_ORDER.map((role) => (
                  <option key={role} value={role}>
                    {t(`projectRoles.${role}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
        {error && <ErrorNotice error={error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('close')}</Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
