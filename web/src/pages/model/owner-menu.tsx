import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { models } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
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
    unpublish: (id: number, version: VersionCard | undefined) =>
      run(
        () => models.unpublish(id),
        version?.status === 'Scheduled' ? t('Will not appear by itself') : t('No longer published'),
        version &&
          (() =>
            models.publishVersion(
              version.id,
              version.status === 'Scheduled' ? version.publishedAt : undefined,
            )),
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
  const { versions, status } = model;
  /** The version that publishing or taking back is about: the one people see, else the newest. */
  const out =
    versions.find((one) => one.status === 'Published') ??
    versions.find((one) => one.status === 'Scheduled') ??
    versions[0];
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
          {status !== 'Published' && out && (
            <MenuItem icon="check" onSelect={() => void actions.publish(out.id)}>
              {t('Publish now')}
            </MenuItem>
          )}
          {(status === 'Published' || status === 'Scheduled') && (
            <MenuItem icon="eye" onSelect={() => void actions.unpublish(model.id, out)}>
              {status === 'Scheduled' ? t('Take the schedule back') : t('Unpublish')}
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
