import { CatchBoundary } from '@tanstack/react-router';
import { type ReactNode, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { tell } from '../ui/toasts.js';
import { parley } from './parley.js';

/**
 * Where something stands whose code is fetched when it is needed. Should that fail, the rest of the page stays as it is: a
 * browser does not fetch code again that it could not get, so only a reload brings it.
 */
export function LatePart({
  standIn,
  isWanted = true,
  onMissing,
  children,
}: {
  /** What is there until then, and instead should it not come. */
  readonly standIn?: ReactNode;
  /** Whether somebody waits for it; else nothing is said of its failure. */
  readonly isWanted?: boolean;
  /** What somebody waited for will not come. */
  readonly onMissing?: () => void;
  readonly children: ReactNode;
}) {
  const t = useTranslations('app');
  const [isMissing, setMissing] = useState(false);
  const say = useEffectEvent(() => {
    // Without a network a reload might take away the rest, too.
    const reload = { label: t('update.reload'), run: () => location.reload() };
    tell(t('missing'), parley.state === 'connected' ? reload : undefined);
    onMissing?.();
  });
  useEffect(() => {
    if (isMissing && isWanted) say();
  }, [isMissing, isWanted]);
  if (isMissing) return standIn;
  return (
    <CatchBoundary getResetKey={() => 0} errorComponent={Nothing} onCatch={() => setMissing(true)}>
      <Suspense fallback={standIn}>{children}</Suspense>
    </CatchBoundary>
  );
}

const Nothing = () => null;
