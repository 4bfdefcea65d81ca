import { useMutation, useQuery } from '@tanstack/react-query';
import { ParleyError } from '@parley/sdk';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Ban, LinkIcon, Users } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { HomeLink } from '../app/home-link.js';
import { parley } from '../app/parley.js';
import { useConversation } from '../app/use-store.js';
import { displayed } from '../text/display.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Loading } from '../ui/loading.js';

/** Whether an invite is no good; else it could only not be looked at. */
const isInvalid = (error: Error): boolean => error instanceof ParleyError && !error.retryable;

const isBanned = (error: Error): boolean => error instanceof ParleyError && error.code === 'banned';

/** What an invite is for, and the way in. */
export function JoinPage() {
  const t = useTranslations('groups.join');
  const app = useTranslations('app');
  const words = useErrorWords();
  const navigate = useNavigate();
  const { code } = useParams({ from: '/member/join/$code' });
  const preview = useQuery({ queryKey: ['invite', code], queryFn: () => parley.conversations.previewInvite(code) });
  const isIn = useConversation(preview.data?.conversationId ?? '') !== undefined;
  const open = (conversationId: string) => navigate({ to: '/c/$conversationId', params: { conversationId } });
  const join = useMutation({
    mutationFn: async (conversationId: string) => {
      const { status } = await parley.conversations.join(conversationId, code);
      if (status === 'requested') return status;
      await parley.sync();
      await open(conversationId);
      return status;
    },
  });
  if (preview.error && isBanned(preview.error)) {
    return (
      <EmptyState icon={<Ban size={48} />} title={words(preview.error)}>
        <p>{t('bannedAbout')}</p>
        <HomeLink isBesideList />
      </EmptyState>
    );
  }
  if (preview.error && isInvalid(preview.error)) {
    return (
      <EmptyState icon={<LinkIcon size={48} />} title={t('invalid')}>
        <p>{t('invalidAbout')}</p>
        <HomeLink isBesideList />
      </EmptyState>
    );
  }
  if (preview.error) {
    return (
      <EmptyState icon={<LinkIcon size={48} />} title={words(preview.error)}>
        <Button isBusy={preview.isFetching} onClick={() => void preview.refetch()}>
          {app('tryAgain')}
        </Button>
        <HomeLink isBesideList />
      </EmptyState>
    );
  }
  if (!preview.data) return <Loading />;
  const { conversationId, name, description, memberCount, requiresApproval, isMember } = preview.data;
  return (
    <EmptyState icon={<Users size={56} strokeWidth={1.25} />} title={displayed(name ?? '')}>
      <p>{t('members', { count: memberCount })}</p>
      {description && (
        <p dir="auto" className="wrap-anywhere">
          {displayed(description)}
        </p>
      )}
      {join.error && (
        <p role="alert" className="text-danger">
          {words(join.error)}
        </p>
      )}
      {isMember || isIn ? (
        <Button look="primary" onClick={() => void open(conversationId)}>
          {t('open')}
        </Button>
      ) : join.data === 'requested' ? (
        <p role="status">{t('requested')}</p>
      ) : (
        <Button look="primary" isBusy={join.isPending} onClick={() => join.mutate(conversationId)}>
          {t(requiresApproval ? 'ask' : 'join')}
        </Button>
      )}
      <HomeLink isBesideList />
    </EmptyState>
  );
}
