import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { follows, followsQuery, marksQuery, metricsQuery, useMarks } from '../../api/community';
import { useViewer } from '../../api/session';
import type { Body } from '../../api/shapes';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Chart } from '../../ui/chart';
import { EndlessGallery } from '../../ui/gallery';
import { Pager } from '../../ui/pager';
import { PersonChip } from '../../ui/person';
import { PostGrid } from '../../ui/post-card';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './profile.module.css';

export function FollowButton({ id }: { id: number }) {
  const queries = useQueryClient();
  const viewer = useViewer();
  const navigate = useNavigate();
  const subject = { kind: 'user' as const, id };
  const on = useMarks(subject)?.followed ?? false;
  const work = useMutation({
    mutationFn: () => follows.set(id, !on),
    onSuccess: ({ following }) => {
      say(following ? t('Following') : t('No longer following'));
      void queries.invalidateQueries({ queryKey: marksQuery(subject).queryKey });
      void queries.invalidateQueries({ queryKey: ['follows'] });
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <Button
      size="small"
      variant={on ? 'soft' : 'solid'}
      icon={on ? 'check' : 'plus'}
      busy={work.isPending}
      onClick={() => {
        if (viewer?.user) work.mutate();
        else void navigate({ to: '/sign-in', search: { next: location.pathname } });
      }}
    >
      {on ? t('Following') : t('Follow')}
    </Button>
  );
}

export function ImagesOf({ username }: { username: string }) {
  return (
    <EndlessGallery
      label={t('Images')}
      filter={{ username, sort: 'newest' }}
      empty={<Empty icon="image" title={t('No images yet')} />}
    />
  );
}

/** What they posted; the owner also sees what is not published yet. */
export function PostsOf({ username, own }: { username: string; own: boolean }) {
  return (
    <PostGrid
      filter={own ? { mine: true } : { username }}
      empty={
        <Empty
          icon="image"
          title={own ? t('You have posted nothing yet') : t('No posts yet')}
          actions={
            own && (
              <ButtonLink to="/create-post" search={{}} variant="solid" icon="image">
                {t('Post images')}
              </ButtonLink>
            )
          }
        />
      }
    />
  );
}

export function People({ id, side }: { id: number; side: 'followers' | 'following' }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const found = useQuery(followsQuery(side, id, cursors.at(-1) ?? ''));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="8rem" />;
  const { items, nextCursor } = found.data;
  if (!items.length) {
    return (
      <Empty
        icon="people"
        title={side === 'followers' ? t('No followers yet') : t('Not following anyone yet')}
      />
    );
  }
  return (
    <>
      <ul className={styles.people}>
        {items.map((row) => (
          <li key={row.id}>
            <PersonChip username={row.username} size={40} />
            <Time at={row.since} />
          </li>
        ))}
      </ul>
      <Pager
        page={cursors.length + 1}
        onPrevious={cursors.length ? () => setCursors(cursors.slice(0, -1)) : undefined}
        onNext={nextCursor ? () => setCursors([...cursors, nextCursor]) : undefined}
      />
    </>
  );
}

const colours = ['--chart-1', '--chart-2', '--chart-3', '--chart-4'];

function metricWords(metric: Body<'Metric'>): string {
  switch (metric) {
    case 'follow':
      return t('New followers');
    case 'download':
      return t('Downloads');
    case 'like':
      return t('Likes');
    case 'heart':
      return t('Hearts');
    case 'image':
      return t('Images');
    case 'comment':
      return t('Comments');
    case 'collect':
      return t('Collected');
    case 'thumbs_up':
      return t('Recommended');
    default:
      return metric;
  }
}

const dayLength = 86_400_000;

/** How often people did something with it, over the last month. */
export function Numbers({ kind, id }: { kind: 'user' | 'model'; id: number }) {
  const found = useQuery(metricsQuery({ kind, id }, 30));
  const { data } = found;
  const chart = useMemo(() => {
    if (!data) return null;
    const from = Date.parse(data.from);
    const length = data.items[0]?.daily.length ?? 0;
    return {
      at: Array.from({ length }, (_, index) => new Date(from + index * dayLength).toISOString()),
      series: data.items.slice(0, colours.length).map((one, index) => ({
        label: metricWords(one.metric),
        colour: colours[index]!,
        values: one.daily,
      })),
    };
  }, [data]);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!data || !chart) return <Bone height="16rem" />;
  if (!data.items.length) {
    return <Empty icon="chart" title={t('Nothing was counted yet')} />;
  }
  return (
    <>
      <dl className={styles.totals}>
        {data.items.map((one) => (
          <div key={one.metric}>
            <dt>{metricWords(one.metric)}</dt>
            <dd>{number(one.allTime)}</dd>
          </div>
        ))}
      </dl>
      <Chart label={t('The last 30 days')} at={chart.at} series={chart.series} />
    </>
  );
}
