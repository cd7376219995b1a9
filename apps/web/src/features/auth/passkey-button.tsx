'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { canUsePasskeys, showPasskey } from '@/features/account/webauthn';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';

interface Challenge {
  ticket: string;
  public_key: Record<string, unknown>;
}

/** Signs in with a passkey alone, where browser and address can. */
export function PasskeyButton({ onDone }: { onDone: () => void }) {
  const t = useTranslations('auth');
  const [able, setAble] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => setAble(canUsePasskeys()), []);
  const signIn = async () => {
    setFailed(false);
    try {
      const { ticket, public_key } = (await postOwn('/api/auth/open/passkey')) as Challenge;
      await postOwn('/api/auth/mfa', { ticket, passkey: await showPasskey(public_key) });
      onDone();
    } catch {
      setFailed(true);
    }
  };
  if (!able) return null;
  return (
    <div className="mt-3 space-y-3">
      <Button size="lg" className="w-full" onClick={() => void signIn()}>
        {t('withPasskey')}
      </Button>
      {failed && (
        <Notice tone="danger" live>
          {t('passkeyFailed')}
        </Notice>
      )}
    </div>
  );
}
