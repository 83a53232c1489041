import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useViewer } from '../../api/session';
import { useGeneratorPage } from '../../frame/generator';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Generations } from '../generations/generations';
import { useDraft } from './draft';
import { Panel } from './panel';
import { Sides } from './sides';
import styles from './generate.module.css';

type Side = 'panel' | 'results';

function Generator({ user }: { user: number }) {
  const [draft, change] = useDraft(user);
  const [side, show] = useState<Side>('panel');
  const asked = useSearch({ from: '/members/generate' });
  const navigate = useNavigate();
  const comes = Object.keys(asked).length > 0;
  // What comes by the address, also from the results, goes into the panel.
  useEffect(() => {
    if (comes) show('panel');
  }, [comes]);
  return (
    <div className={styles.page} data-side={side}>
      <h1 className="unseen">{t('Generate')}</h1>
      <div className={styles.sides}>
        <Sides
          wide
          sides={{ panel: t('Panel'), results: t('Results') }}
          shown={side}
          onShow={show}
        />
      </div>
      <div className={styles.panel}>
        <Panel
          draft={draft}
          change={change}
          asked={asked}
          // A reload finds the draft as it has become, and does not load it once more.
          onTaken={() =>
            void navigate({ to: '/generate', search: {}, replace: true, resetScroll: false })
          }
          onMade={() => show('results')}
        />
      </div>
      <div className={styles.results}>
        <Generations />
      </div>
    </div>
  );
}

/** The generator: what to make at one side, what became of it at the other. */
export function GeneratePage() {
  usePageTitle(t('Generate'));
  useGeneratorPage();
  const user = useViewer()?.user;
  return user ? <Generator key={user.id} user={user.id} /> : null;
}
