'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { SshKey } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Textarea } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

interface SshKeyDialogProps {
  onClose: () => void;
  onCreated?: (key: SshKey) => void;
}

/** A key's comment ("lin@macbook") in the letters that names may have. */
function nameOfComment(comment: string): string {
  return comment
    .replace(/[^\p{L}\p{N}._()+'&-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 63);
}

/** Adds an SSH public key. */
export default function SshKeyDialog({ onClose, onCreated }: SshKeyDialogProps) {
  const t = useTranslations('sshKeys');
  const common = useTranslations('common');
  const create = useApiMutation('createSshKey', ['listSshKeys', 'listQuotas']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).createSshKeyBody,
    body: ({ name = '', public_key = '' }) => ({
      // The comment at the end of a key usually names it well.
      name: name.trim() || nameOfComment(public_key.trim().split(/\s+/)[2] ?? ''),
      public_key: public_key.trim(),
    }),
    send: async (body) => {
      const key = await create.mutateAsync({ body });
      notify(t('added', { name: key.name }));
      onCreated?.(key);
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('add')} description={t('addText')}>
      <form
        ref={form.ref}
        onSubmit={(event) => {
          // The launch page is a form as well, and events of a portal bubble to it.
          event.stopPropagation();
          form.onSubmit(event);
        }}
        noValidate
        className="space-y-4"
      >
        <Field
          label={t('publicKey')}
          hint={t('publicKeyHint')}
          error={form.problemOf('public_key', t('publicKeyRule'))}
        >
          {(control) => (
            <Textarea
              {...control}
              name="public_key"
              rows={5}
              spellCheck={false}
              autoComplete="off"
              placeholder="ssh-ed25519 AAAA… name@machine"
            />
          )}
        </Field>
        <Field
          label={common('name')}
          optional={common('optional')}
          hint={t('nameHint')}
          error={form.problemOf('name', common('nameRule'))}
        >
          {(control) => <Input {...control} name="name" maxLength={63} autoComplete="off" />}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('add')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
