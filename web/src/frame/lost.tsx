import { t } from '../text/words';
import { ButtonLink } from '../ui/button';
import { Empty } from '../ui/state';
import { usePageTitle } from './title';

export function Lost() {
  usePageTitle(t('Not found'));
  return (
    <Empty
      page
      icon="search"
      title={t('There is no page here')}
      actions={
        <>
          <ButtonLink to="/models" variant="solid">
            {t('Browse models')}
          </ButtonLink>
          <ButtonLink to="/">{t('Home')}</ButtonLink>
        </>
      }
    >
      {t('The address may be misspelt, or what was here has moved.')}
    </Empty>
  );
}
