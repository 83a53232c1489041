import { t } from '../../text/words';
import { SelectField, TextArea } from '../../ui/field';
import { usePanel } from './context';
import { hasChoices, namesIn } from './draft';
import type { Wildcards } from './draft';
import styles from './panel.module.css';

/** What the choices in the prompt stand for; only there when it has any. */
function Wildcard() {
  const { draft, change, fault } = usePanel();
  if (!hasChoices(draft.prompt)) return null;
  return (
    <div className={styles.inset}>
      <SelectField
        label={t('Choices in the prompt')}
        error={fault('/wildcards')}
        value={draft.wildcards}
        onChange={(event) => change({ wildcards: event.target.value as Wildcards })}
        options={[
          { value: 'random', label: t('A random one for each picture') },
          { value: 'all', label: t('Every combination once') },
          { value: 'off', label: t('Off: use the prompt as written') },
        ]}
      />
      {draft.wildcards !== 'off' &&
        namesIn(draft.prompt).map((name, place) => (
          <TextArea
            key={name}
            label={t('Values for __{name}__', { name })}
            hint={t('One per line. If empty, the name is left as it is.')}
            error={fault(`/wildcardLists/${place}`)}
            rows={3}
            className={styles.prompt}
            value={draft.lists[name] ?? ''}
            onChange={(event) => change({ lists: { ...draft.lists, [name]: event.target.value } })}
          />
        ))}
    </div>
  );
}

/** What is to be seen, and what not. */
export function PromptPart() {
  const { draft, change, fault } = usePanel();
  return (
    <div className={styles.part}>
      <TextArea
        label={t('Prompt')}
        name="prompt"
        rows={3}
        maxLength={10_000}
        className={styles.prompt}
        hint={t('{example} picks one of them; __name__ picks from a list.', {
          example: '{red|blue}',
        })}
        placeholder={t('What should be seen?')}
        error={fault('/prompt')}
        value={draft.prompt}
        onChange={(event) => change({ prompt: event.target.value })}
      />
      <Wildcard />
      <TextArea
        label={t('Negative prompt')}
        optional
        rows={1}
        maxLength={10_000}
        className={styles.prompt}
        placeholder={t('What should not be seen?')}
        error={fault('/negativePrompt')}
        value={draft.negativePrompt}
        onChange={(event) => change({ negativePrompt: event.target.value })}
      />
    </div>
  );
}
