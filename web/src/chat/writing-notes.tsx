import { useTranslations } from 'use-intl';

/** Says below a field why what is in it cannot be sent: it is so many characters too long, or is to wait so many seconds. */
export function WritingNotes({ excess, wait }: { readonly excess: number; readonly wait: number }) {
  const t = useTranslations('chat');
  return (
    <>
      {excess > 0 && (
        <p role="alert" className="px-4 pt-1 text-sm text-danger">
          {t('tooLong', { count: excess })}
        </p>
      )}
      {wait > 0 && <p className="px-4 pt-1 text-sm text-soft">{t('slow', { seconds: wait })}</p>}
    </>
  );
}
