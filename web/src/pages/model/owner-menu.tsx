import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { models } from '../../api/models';
import type { ModelCard } from '../../api/shapes';
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
    publish: (version: number) => run(() => models.publishVersion(version), t('Published')),
    unpublish: (id: number, version: number | undefined) =>
      run(
        () => models.unpublish(id),
        t('No longer published'),
        version === undefined ? undefined : () => models.publishVersion(version),
      ),
    archive: (id: number) =>
      run(
        () => models.archive(id),
        t('Archived: the page stays, downloads stop'),
        () => models.unarchive(id),
      ),
    unarchive: (id: number) => run(() => models.unarchive(id), t('Downloads are offered again')),
    restore: (id: number) => run(() => models.restore(id), t('Restored')),
    remove: (id: number) =>
      run(
        () => models.remove(id),
        t('Deleted'),
        () => models.restore(id),
      ),
  };
}

export function OwnerMenu({ model }: { model: ModelCard }) {
  const actions = useModelActions();
  const navigate = useNavigate();
  const newest = model.versions[0]?.id;
  const label = t('More actions for {name}', { name: model.name });
  return (
    <Menu trigger={<Button icon="more" size="small" aria-label={label} />}>
      {model.deletedAt ? (
        <MenuItem icon="retry" onSelect={() => void actions.restore(model.id)}>
          {t('Restore')}
        </MenuItem>
      ) : (
        <>
          <MenuLink to="/upload" search={{ model: String(model.id), version: 'new' }} icon="plus">
            {t('Add a version')}
          </MenuLink>
          {model.status === 'Published' ? (
            <MenuItem icon="eye" onSelect={() => void actions.unpublish(model.id, newest)}>
              {t('Unpublish')}
            </MenuItem>
          ) : newest === undefined ? null : (
            <MenuItem icon="check" onSelect={() => void actions.publish(newest)}>
              {t('Publish now')}
            </MenuItem>
          )}
          {model.mode === 'Archived' ? (
            <MenuItem icon="archive" onSelect={() => void actions.unarchive(model.id)}>
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
