import { useQuery } from '@tanstack/react-query';
import { templateQuery } from '../../api/generation';
import type { PictureChoice, TemplateParameter } from '../../api/generation';
import { t } from '../../text/words';
import { Failure } from '../../ui/state';
import { TemplateParameterField } from '../../ui/template-parameter';
import { usePanel } from './context';
import { PictureField } from './picture-field';
import styles from './panel.module.css';

interface ParameterProps {
  parameter: TemplateParameter;
  /** What it is when nothing is given. */
  usual: unknown;
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

/** What stands in the graph at a JSON Pointer (RFC 6901). */
function valueAt(graph: unknown, pointer: string | undefined): unknown {
  return pointer
    ?.split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((on, part) => (on as Record<string, unknown> | undefined)?.[part], graph);
}

function pictureHint({ type, fallback }: TemplateParameter, usual: unknown): string | undefined {
  if (fallback) return t('Without one: {value}', { value: String(usual) });
  return type === 'mask' ? t('White is edited, black is kept.') : undefined;
}

/** One parameter by its type; left empty it is what the template says. */
function Parameter({ parameter, usual, value, error, onChange }: ParameterProps) {
  if (parameter.type !== 'picture' && parameter.type !== 'mask')
    return (
      <TemplateParameterField
        parameter={{ ...parameter, fallback: usual }}
        value={value}
        error={error}
        onChange={onChange}
      />
    );
  return (
    <PictureField
      label={parameter.title || parameter.name}
      hint={pictureHint(parameter, usual)}
      error={error}
      value={(value as PictureChoice | undefined)?.image}
      onChange={(image) => onChange(image && { image })}
    />
  );
}

/** The named parameters of the chosen template. */
export function TemplatePart() {
  const { draft, change, fault } = usePanel();
  const id = draft.template;
  const found = useQuery({ ...templateQuery(id ?? 0), enabled: id !== undefined });
  const chosen = id === undefined ? undefined : found.data;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!chosen) return null;
  return (
    <section className={styles.part} aria-label={chosen.name}>
      {chosen.detail && <p className={styles.quiet}>{chosen.detail}</p>}
      {chosen.parameters.map((parameter) => (
        <Parameter
          key={parameter.name}
          parameter={parameter}
          usual={parameter.fallback ?? valueAt(chosen.graph, parameter.pointers[0])}
          value={draft.parameters[parameter.name]}
          error={fault(`/parameters/${parameter.name}`)}
          onChange={(value) => {
            const { [parameter.name]: _, ...others } = draft.parameters;
            change({
              parameters: value === undefined ? others : { ...others, [parameter.name]: value },
            });
          }}
        />
      ))}
      {chosen.parameters.length === 0 && (
        <p className={styles.quiet}>{t('This template has no parameters.')}</p>
      )}
    </section>
  );
}
