import { useQuery } from '@tanstack/react-query';
import { templatesQuery } from '../../api/generation';
import type { Workflow } from '../../api/generation';
import { t } from '../../text/words';
import { SelectField } from '../../ui/field';
import { Icon } from '../../ui/icon';
import type { IconName } from '../../ui/icon';
import { usePanel } from './context';
import { workflowWords } from '../generations/words';
import styles from './panel.module.css';

const icons: Record<Workflow, IconName> = {
  txt2img: 'wand',
  img2img: 'remix',
  inpaint: 'brush',
  hires: 'layers',
  upscale: 'expand',
  removeBackground: 'eraser',
  template: 'grid',
};

function about(workflow: Workflow): string {
  switch (workflow) {
    case 'txt2img':
      return t('A picture from words.');
    case 'img2img':
      return t('From words and a starting picture.');
    case 'inpaint':
      return t('Repaint part of a picture; the rest stays as it is.');
    case 'hires':
      return t('From words, then a second pass that adds size and detail.');
    case 'upscale':
      return t('Make a picture larger.');
    case 'removeBackground':
      return t('Keep the subject and remove what is behind it.');
    default:
      return t('A workflow of ComfyUI with named parameters.');
  }
}

/** What is to be done. What no backend can do now is said, not hidden. */
export function WorkflowPart() {
  const { draft, change, options, fault } = usePanel();
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const all = (Object.keys(icons) as Workflow[]).filter(
    (one) => one !== 'template' || templates.length > 0 || draft.workflow === 'template',
  );
  // Without any, the panel says that no backend takes work.
  const can = (one: Workflow) =>
    !options || options.workflows.length === 0 || options.workflows.includes(one);
  return (
    <fieldset className={styles.part}>
      <legend className="unseen">{t('What is to be done')}</legend>
      <div className={styles.workflows}>
        {all.map((one) => (
          <label key={one} data-can={can(one)}>
            <input
              type="radio"
              name="workflow"
              checked={draft.workflow === one}
              onChange={() => change({ workflow: one })}
            />
            <Icon name={icons[one]} size={16} />
            {workflowWords(one)}
          </label>
        ))}
      </div>
      <p className={styles.quiet}>
        {about(draft.workflow)}
        {!can(draft.workflow) && ` ${t('No connected backend can do this now.')}`}
      </p>
      {draft.workflow === 'template' && (
        <SelectField
          label={t('Template')}
          error={fault('/templateId')}
          value={draft.template ? String(draft.template) : ''}
          onChange={(event) =>
            change({ template: Number(event.target.value) || undefined, parameters: {} })
          }
          options={[
            { value: '', label: t('Choose') },
            ...templates.map((one) => ({ value: String(one.id), label: one.name })),
          ]}
        />
      )}
    </fieldset>
  );
}
