import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { classNames } from '../ui/class-names.js';

/** The way to the list of conversations; `isBesideList` where that is in sight anyway wherever there is room. */
export function HomeLink({ isBesideList = false }: { readonly isBesideList?: boolean }) {
  const t = useTranslations('app');
  return (
    <Link
      to="/"
      className={classNames(
        'inline-flex min-h-10 items-center rounded-lg border border-line bg-raised px-4 font-medium text-ink hover:bg-hover',
        isBesideList && 'md:hidden',
      )}
    >
      {t('home')}
    </Link>
  );
}
