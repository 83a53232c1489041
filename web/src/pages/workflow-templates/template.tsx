import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { templateQuery } from '../../api/generation';
import type { Template } from '../../api/generation';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { generating } from '../../frame/generator';
import { t } from '../../text/words';
import { ButtonLink } from '../../ui/button';
import { Bone, Empty, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { draftOf, emptyDraft } from './draft';
import { Editor } from './editor';
import { nodesOf } from './graph';
import type { Graph } from './graph';
import { GraphPicture } from './graph-picture';
import { typeWords } from './words';
import styles from './templates.module.css';

/** What a member sees of a template. */
function Reader({ template }: { template: Template }) {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{template.name}</h1>
        <ButtonLink {...generating({ template: String(template.id) })} variant="solid" icon="play">
          {t('Use it')}
        </ButtonLink>
      </div>
      {template.detail && <p className={styles.intro}>{template.detail}</p>}
      <section className={styles.part}>
        <h2>{t('Parameters')}</h2>
        {template.parameters.length === 0 ? (
          <p className={styles.quiet}>{t('It has none: it always makes the same picture.')}</p>
        ) : (
          <Table
            label={t('Parameters')}
            rows={template.parameters}
            rowKey={(one) => one.name}
            columns={[
              { key: 'label', title: t('Label'), cell: (one) => one.title || one.name },
              { key: 'name', title: t('Name'), cell: (one) => <code>{one.name}</code> },
              { key: 'type', title: t('Kind'), cell: (one) => typeWords(one.type) },
            ]}
          />
        )}
      </section>
      <section className={styles.part} aria-label={t('Workflow')}>
        <h2>{t('Workflow')}</h2>
        <GraphPicture nodes={nodesOf((template.graph ?? {}) as Graph)} />
      </section>
    </div>
  );
}

function Known({ id, edits }: { id: number; edits: boolean }) {
  // While somebody writes, nothing is fetched over it.
  const found = useQuery({ ...templateQuery(id), refetchOnWindowFocus: !edits });
  usePageTitle(found.data?.name);
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="24rem" />;
  if (!edits) return <Reader template={found.data} />;
  return <Editor key={id} id={id} start={draftOf(found.data)} />;
}

export function TemplatePage() {
  const { id } = useParams({ from: '/members/workflow-templates/$id' });
  const viewer = useViewer();
  usePageTitle(id === 'new' ? t('New template') : undefined);
  if (!viewer) return null;
  const edits = viewer.user?.role === 'administrator';
  if (id !== 'new') return <Known id={Number(id)} edits={edits} />;
  if (edits) return <Editor key="new" start={emptyDraft} />;
  return (
    <Empty page icon="shield" title={t('Only administrators make templates')}>
      {t('A workflow is a program that runs on the backends, so not everybody may bring one.')}
    </Empty>
  );
}
