import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { templateQuery, templates, templatesQuery } from '../../api/generation';
import type { Template } from '../../api/generation';
import { t } from '../../text/words';
import { useForm } from '../../ui/form';
import { say } from '../../ui/toast';
import { draftOf, parametersOf } from './draft';
import type { Draft } from './draft';

/** What is sent: all of a new one, and of one that is there its graph only if it is another. */
function save(id: number | undefined, draft: Draft, before: Draft): Promise<Template> {
  const { detail, audience, graph, workflow } = draft;
  const rest = { name: draft.name.trim(), detail, audience, parameters: parametersOf(draft) };
  if (id === undefined) return templates.create({ ...rest, graph, workflow });
  return templates.change(id, graph === before.graph ? rest : { ...rest, graph, workflow });
}

/** A template while it is written. */
export function useTemplate(id: number | undefined, start: Draft) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [kept, setKept] = useState(start);
  const [draft, setDraft] = useState(start);
  const going = useRef(false);
  const dirty = draft !== kept;

  const renewList = () =>
    queries.invalidateQueries({ queryKey: templatesQuery.queryKey, exact: true });

  const form = useForm(
    ['name', 'detail', 'audience', 'parameters'],
    () => save(id, draft, kept),
    async (made) => {
      say(t('Saved'));
      queries.setQueryData(templateQuery(made.id).queryKey, made);
      void renewList();
      const next = draftOf(made);
      setKept(next);
      setDraft(next);
      if (id !== undefined) return;
      going.current = true;
      const params = { id: String(made.id) };
      await navigate({ to: '/workflow-templates/$id', params, replace: true });
    },
  );
  return {
    draft,
    change: (some: Partial<Draft>) => setDraft((now) => ({ ...now, ...some })),
    form,
    dirty,
    /** Whether leaving the page would lose something. */
    losing: () => dirty && !going.current,
    async deleted() {
      going.current = true;
      void renewList();
      await navigate({ to: '/workflow-templates' });
      if (id !== undefined) queries.removeQueries({ queryKey: templateQuery(id).queryKey });
    },
  };
}
