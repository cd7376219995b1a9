'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { grantable, ORG_ROLE_ORDER, type OrgRole, PROJECT_ROLE_ORDER } from './roles';

/** Invites an address, with a role and, if wanted, a first project. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('members');
  const common = useTranslations('common');
  const { membership, projects } = useConsole();
  const [role, setRole] = useState<OrgRole>('member');
  const [project, setProject] = useState('');
  const invite = useApiMutation('createInvitation', ['listInvitations']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/invitations')).createInvitationBody,
    body: ({ email = '', role = 'member', project_id = '', project_role = 'viewer' }) => ({
      email: email.trim(),
      role: role as OrgRole,
      ...(project_id ? { project_id, project_role: project_role as (typeof PROJECT_ROLE_ORDER)[number] } : {}),
    }),
    send: async (body) => {
      const made = await invite.mutateAsync({ body });
      notify(t('invited', { email: made.email }));
      onClose();
    },
  });
  const roles = grantable(membership.permissions);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('invite')} description={t('inviteText')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('address')} error={form.problemOf('email', t('addressRule'))}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="off" maxLength={254} />}
        </Field>
        <Field label={t('role')} hint={t(`roleTexts.${role}`)} error={form.problemOf('role', t('roleRule'))}>
          {(control) => (
            <Select {...control} name="role" value={role} onChange={(event) => setRole(event.target.value as OrgRole)}>
              {ORG_ROLE_ORDER.filter((one) => roles.includes(one)).map((one) => (
                <option key={one} value={one}>
                  {t(`roles.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('firstProject')} optional={common('optional')}>
          {(control) => (
            <Select {...control} name="project_id" value={project} onChange={(event) => setProject(event.target.value)}>
              <option value="">{t('noProject')}</option>
              {projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {project && (
          <Field label={t('projectRole')}>
            {(control) => (
              <Select {...control} name="project_role" defaultValue="operator">
                {PROJECT_ROLE_ORDER.map((one) => (
                  <option key={one} value={one}>
                    {t(`projectRoles.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('invite')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
