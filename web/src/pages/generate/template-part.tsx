import { useQuery } from '@tanstack/react-query';
import { templateQuery } from '../../api/generation';
import type { TemplateParameter } from '../../api/generation';
import { t } from '../../text/words';
import { Failure } from '../../ui/state';
import { TemplateParameterField } from '../../ui/template-parameter';
import { usePanel } from './context';
import styles from './panel.module.css';

/** What stands in the graph at a JSON Pointer (RFC 6901). */
function valueAt(graph: unknown, pointer: string | undefined): unknown {
  return pointer
    ?.split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((on, part) => (on as Record<string, unknown> | undefined)?.[part], graph);
}

/** What the graph says is what a value is when none is given; a picture has to be given. */
function withUsual(parameter: TemplateParameter, graph: unknown): TemplateParameter {
  if (parameter.type === 'picture' || parameter.type === 'mask') return parameter;
  return { ...parameter, fallback: parameter.fallback ?? valueAt(graph, parameter.pointers[0]) };
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
        <TemplateParameterField
          key={parameter.name}
          parameter={withUsual(parameter, chosen.graph)}
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
