import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { models } from '../../api/models';
import type { ModelSummary } from '../../api/shapes';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Menu, MenuItem, MenuLine, MenuLink } from '../../ui/menu';
import { say } from '../../ui/toast';

/** What the owner may do to a model as a whole; every step can be taken back. */
export function useModelActions() {
  const queries = useQueryClient();

  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['models'] }),
      queries.invalidateQueries({ queryKey: ['model'] }),
    ]);

  async function run(work: () => Promise<unknown>, done: string, undo?: () => Promise<unknown>) {
    try {
      await work();
    } catch (error) {
      say((error as Error).message, { bad: true });
      return false;
    }
    await refresh();
    say(done, {
      action: undo && {
        label: t('Undo'),
        run: () => void run(undo, t('Taken back')),
      },
    });
    return true;
  }

  return {
    publish: (id: number) => run(() => models.publish(id), t('Published')),
    unpublish: (id: number) =>
      run(
        () => models.unpublish(id),
        t('No longer published'),
        () => models.publish(id),
      ),
    archive: (id: number) =>
      run(
        () => models.archive(id),
        t('Archived: it stays visible, marked as closed'),
        () => models.restore(id),
      ),
    restore: (id: number) => run(() => models.restore(id), t('Restored')),
    remove: (id: number) =>
      run(
        () => models.remove(id),
        t('Deleted'),
        () => models.restore(id),
      ),
  };
}

export function OwnerMenu({ model }: { model: ModelSummary }) {
  const actions = useModelActions();
  const navigate = useNavigate();
  const label = t('More actions for {name}', { name: model.name });
  return (
    <Menu trigger={<Button icon="more" size="small" aria-label={label} />}>
      {model.status === 'Deleted' ? (
        <MenuItem icon="retry" onSelect={() => void actions.restore(model.id)}>
          {t('Restore')}
        </MenuItem>
      ) : (
        <>
          <MenuLink to="/upload" search={{ model: String(model.id), version: 'new' }} icon="plus">
            {t('Add a version')}
          </MenuLink>
          {model.status === 'Published' ? (
            <MenuItem icon="eye" onSelect={() => void actions.unpublish(model.id)}>
              {t('Unpublish')}
            </MenuItem>
          ) : (
            <MenuItem icon="check" onSelect={() => void actions.publish(model.id)}>
              {t('Publish now')}
            </MenuItem>
          )}
          {model.archived ? (
            <MenuItem icon="archive" onSelect={() => void actions.restore(model.id)}>
              {t('Take out of the archive')}
            </MenuItem>
          ) : (
            <MenuItem icon="archive" onSelect={() => void actions.archive(model.id)}>
              {t('Archive')}
            </MenuItem>
          )}
          <MenuLine />
          <MenuItem
            icon="trash"
            danger
            onSelect={() =>
              void actions.remove(model.id).then((done) => {
                if (done && location.pathname.startsWith('/models/')) {
                  void navigate({ to: '/my-models', search: {} });
                }
              })
            }
          >
            {t('Delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
