import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { templatesQuery } from '../../api/generation';
import type { Template } from '../../api/generation';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { generating } from '../../frame/generator';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import styles from './templates.module.css';

function Card({ template, edits }: { template: Template; edits: boolean }) {
  const { id, name, detail, parameters, nodes, audience, updatedAt } = template;
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <h2>
          <Link to="/workflow-templates/$id" params={{ id: String(id) }}>
            {name}
          </Link>
        </h2>
        {audience === 'administrators' && <Badge icon="lock">{t('Only administrators')}</Badge>}
      </div>
      {detail && <p className={styles.detail}>{detail}</p>}
      <p className={styles.quiet}>
        {t('{count, plural, =0 {No parameters} one {# parameter} other {# parameters}}', {
          count: parameters.length,
        })}
        {' · '}
        {t('{count, plural, one {# kind of node} other {# kinds of nodes}}', {
          count: nodes.length,
        })}
        {' · '}
        {t('changed')} <Time at={updatedAt} />
      </p>
      <div className={styles.row}>
        <ButtonLink {...generating({ template: String(id) })} icon="play" size="small">
          {t('Use it')}
          <span className="unseen">{name}</span>
        </ButtonLink>
        {edits && (
          <ButtonLink
            to="/workflow-templates/$id"
            params={{ id: String(id) }}
            icon="edit"
            size="small"
          >
            {t('Edit')}
            <span className="unseen">{name}</span>
          </ButtonLink>
        )}
      </div>
    </li>
  );
}

/** The templates that the viewer may use; administrators make them. */
export function TemplatesPage() {
  usePageTitle(t('Workflow templates'));
  const edits = useViewer()?.user?.role === 'administrator';
  const found = useQuery(templatesQuery);
  const make = edits && (
    <ButtonLink to="/workflow-templates/$id" params={{ id: 'new' }} variant="solid" icon="plus">
      {t('New template')}
    </ButtonLink>
  );
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t('Workflow templates')}</h1>
        {make}
      </div>
      <p className={styles.intro}>
        {t('Workflows of ComfyUI as forms: a few named fields instead of many nodes.')}
      </p>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="12rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="layers" title={t('No templates yet')} actions={make}>
          {edits
            ? t('Bring a workflow from ComfyUI and name what members may change in it.')
            : t('Administrators make them from workflows of ComfyUI.')}
        </Empty>
      ) : (
        <ul className={styles.cards}>
          {found.data.items.map((one) => (
            <Card key={one.id} template={one} edits={edits} />
          ))}
        </ul>
      )}
    </div>
  );
}
