import { useTranslations } from 'use-intl';
import { Switch } from '../ui/switch.js';
import { tell } from '../ui/toasts.js';
import { CAN_TELL, chooseNotices, useTellsOfMessages } from './notices.js';

/** Whether the browser tells of new messages on this device. */
export function NoticeSetting() {
  const t = useTranslations('conversations.notices');
  const isOn = useTellsOfMessages();
  const choose = async (isWanted: boolean) => {
    if (!(await chooseNotices(isWanted))) tell(t('refused'));
  };
  if (!CAN_TELL) return null;
  return <Switch label={t('label')} hint={t('hint')} checked={isOn} onChange={(isWanted) => void choose(isWanted)} />;
}
