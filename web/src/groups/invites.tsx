import type { Conversation, Invite } from '@parley/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, QrCode, Trash2 } from 'lucide-react';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { Button, IconButton } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { Switch } from '../ui/switch.js';
import { tell } from '../ui/toasts.js';

const USES = ['any', '1', '10', '100'] as const;
const DAYS = ['never', '1', '7', '30'] as const;
const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

const linkOf = ({ code }: Invite): string => `${location.origin}${import.meta.env.BASE_URL}join/${code}`;

/** Links by which people come in, as text and as a code to scan. */
export function Invites({ conversation: { id } }: { readonly conversation: Conversation }) {
  const t = useTranslations('groups.invites');
  const words = useErrorWords();
  const queries = useQueryClient();
  const key = ['invites', id];
  const [uses, setUses] = useState<(typeof USES)[number]>('any');
  const [days, setDays] = useState<(typeof DAYS)[number]>('7');
  const [requiresApproval, setApproval] = useState(false);
  const { data } = useQuery({ queryKey: key, queryFn: () => parley.conversations.invites(id, { limit: 50 }) });
  const again = () => queries.invalidateQueries({ queryKey: key });
  const create = useMutation({
    mutationFn: () =>
      parley.conversations.createInvite(id, {
        requiresApproval,
        ...(uses !== 'any' && { maxUses: Number(uses) }),
        ...(days !== 'never' && { expiresAt: inDays(Number(days)) }),
      }),
    onSettled: again,
    onError: (error) => tell(words(error)),
  });
  const revoke = useMutation({
    mutationFn: (inviteId: string) => parley.conversations.revokeInvite(id, inviteId),
    onSettled: again,
    onError: (error) => tell(words(error)),
  });
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-semibold">{t('title')}</h3>
      <ul className="flex flex-col divide-y divide-line">
        {data?.items.map((invite) => (
          <InviteRow key={invite.id} invite={invite} onRevoke={() => revoke.mutate(invite.id)} />
        ))}
      </ul>
      <div className="grid gap-3 sm:grid-cols-2">
        <Choice
          label={t('uses')}
          value={uses}
          options={USES.map((value) => ({
            value,
            label: value === 'any' ? t('anyUses') : t('nUses', { count: Number(value) }),
          }))}
          onChange={setUses}
        />
        <Choice
          label={t('expires')}
          value={days}
          options={DAYS.map((value) => ({
            value,
            label: value === 'never' ? t('never') : t('inDays', { count: Number(value) }),
          }))}
          onChange={setDays}
        />
      </div>
      <Switch label={t('approval')} checked={requiresApproval} onChange={setApproval} />
      <Button isBusy={create.isPending} onClick={() => create.mutate()} className="self-start">
        {t('create')}
      </Button>
    </section>
  );
}

function InviteRow({ invite, onRevoke }: { readonly invite: Invite; readonly onRevoke: () => void }) {
  const t = useTranslations('groups.invites');
  const format = useFormatter();
  const [isShown, setShown] = useState(false);
  const link = linkOf(invite);
  const { uses, maxUses, expiresAt, requiresApproval } = invite;
  const about = [
    t('used', { uses, of: maxUses ?? 0 }),
    expiresAt && t('until', { at: format.dateTime(new Date(expiresAt), { dateStyle: 'medium', timeStyle: 'short' }) }),
    requiresApproval && t('approval'),
  ];
  const copy = () =>
    void navigator.clipboard.writeText(link).then(
      () => tell(t('copied')),
      () => tell(link),
    );
  return (
    <li className="py-2">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-mono text-sm">{link}</span>
          <span className="block truncate text-sm text-soft">{about.filter(Boolean).join(' · ')}</span>
        </span>
        <IconButton label={t('copy')} onClick={copy}>
          <Copy aria-hidden size={18} />
        </IconButton>
        <IconButton label={t('code')} aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          <QrCode aria-hidden size={18} />
        </IconButton>
        <IconButton label={t('revoke')} onClick={onRevoke} className="text-danger">
          <Trash2 aria-hidden size={18} />
        </IconButton>
      </div>
      {isShown && (
        <QRCodeSVG value={link} title={t('code')} size={200} marginSize={2} className="mx-auto my-2 rounded-lg" />
      )}
    </li>
  );
}
