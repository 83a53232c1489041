import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { viewerQuery } from './api/session';
import { Frame } from './frame/frame';
import { generatorSearch } from './frame/generator';
import { Lost } from './frame/lost';
import { historySearch } from './pages/generations/search';
import { imageSearch } from './pages/images/search';
import { gridSearch } from './pages/models/search';
import { pageSearch } from './pages/search/search';
import { parseSearch, stringifySearch, strings } from './search';
import { Failure } from './ui/state';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Frame,
  notFoundComponent: Lost,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home'), 'Home'),
});

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: gridSearch,
  component: lazyRouteComponent(() => import('./pages/models/models'), 'Models'),
});

const model = createRoute({
  getParentRoute: () => root,
  path: '/models/$id',
  validateSearch: strings('version'),
  component: lazyRouteComponent(() => import('./pages/model/model'), 'ModelPage'),
});

const images = createRoute({
  getParentRoute: () => root,
  path: '/images',
  validateSearch: imageSearch,
  component: lazyRouteComponent(() => import('./pages/images/images'), 'ImagesPage'),
});

const image = createRoute({
  getParentRoute: () => root,
  path: '/images/$id',
  component: lazyRouteComponent(() => import('./pages/image/image'), 'ImagePage'),
});

const post = createRoute({
  getParentRoute: () => root,
  path: '/posts/$id',
  component: lazyRouteComponent(() => import('./pages/post/post'), 'PostPage'),
});

const collections = createRoute({
  getParentRoute: () => root,
  path: '/collections',
  validateSearch: strings('show'),
  component: lazyRouteComponent(() => import('./pages/collections/collections'), 'CollectionsPage'),
});

const collection = createRoute({
  getParentRoute: () => root,
  path: '/collections/$id',
  component: lazyRouteComponent(() => import('./pages/collections/collection'), 'CollectionPage'),
});

const leaderboards = createRoute({
  getParentRoute: () => root,
  path: '/leaderboards/{-$id}',
  component: lazyRouteComponent(
    () => import('./pages/leaderboards/leaderboards'),
    'LeaderboardsPage',
  ),
});

const profile = createRoute({
  getParentRoute: () => root,
  path: '/user/$username',
  validateSearch: strings('show'),
  component: lazyRouteComponent(() => import('./pages/profile/profile'), 'ProfilePage'),
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: pageSearch,
  component: lazyRouteComponent(() => import('./pages/search/search-page'), 'SearchPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: strings('next'),
  component: lazyRouteComponent(() => import('./pages/sign/sign-in'), 'SignIn'),
});

/** Where downloads send browsers that must sign in: Civitai's address, which programs know. */
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: strings('returnUrl', 'reason'),
  beforeLoad: ({ search }: { search: { returnUrl?: string } }) => {
    throw redirect({ to: '/sign-in', search: { next: search.returnUrl }, replace: true });
  },
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: strings('next', 'invite'),
  component: lazyRouteComponent(() => import('./pages/sign/sign-up'), 'SignUp'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: strings('token'),
  component: lazyRouteComponent(() => import('./pages/sign/setup'), 'Setup'),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./pages/sign/forgot'), 'Forgot'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  validateSearch: strings('token'),
  component: lazyRouteComponent(() => import('./pages/sign/reset'), 'Reset'),
});

/** Everything below needs a signed-in person; others are sent to sign in and come back. */
const members = createRoute({
  getParentRoute: () => root,
  id: 'members',
  beforeLoad: async ({ context, location }) => {
    let viewer;
    try {
      viewer = await context.queries.ensureQueryData(viewerQuery);
    } catch {
      return; // The page itself says that the server cannot be reached.
    }
    if (!viewer.user) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
});

const upload = createRoute({
  getParentRoute: () => members,
  path: '/upload',
  validateSearch: strings('model', 'version', 'step'),
  component: lazyRouteComponent(() => import('./pages/upload/upload'), 'UploadPage'),
});

const createPost = createRoute({
  getParentRoute: () => members,
  path: '/create-post',
  validateSearch: strings('post', 'version'),
  component: lazyRouteComponent(() => import('./pages/create-post/create-post'), 'CreatePost'),
});

const generate = createRoute({
  getParentRoute: () => members,
  path: '/generate',
  validateSearch: generatorSearch,
  component: lazyRouteComponent(() => import('./pages/generate/generate'), 'GeneratePage'),
});

const mine = createRoute({
  getParentRoute: () => members,
  path: '/my-models',
  validateSearch: strings('show'),
  component: lazyRouteComponent(() => import('./pages/mine/mine'), 'MyModels'),
});

const generations = createRoute({
  getParentRoute: () => members,
  path: '/generations',
  validateSearch: historySearch,
  component: lazyRouteComponent(
    () => import('./pages/generations/generations'),
    'GenerationsPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => members,
  path: '/settings/{-$part}',
  component: lazyRouteComponent(() => import('./pages/settings/settings'), 'SettingsPage'),
});

const administration = createRoute({
  getParentRoute: () => members,
  path: '/administration/{-$part}',
  validateSearch: strings('state', 'kind'),
  component: lazyRouteComponent(
    () => import('./pages/administration/administration'),
    'Administration',
  ),
});

const templates = createRoute({
  getParentRoute: () => members,
  path: '/workflow-templates',
  component: lazyRouteComponent(
    () => import('./pages/workflow-templates/templates'),
    'TemplatesPage',
  ),
});

const template = createRoute({
  getParentRoute: () => members,
  path: '/workflow-templates/$id',
  component: lazyRouteComponent(
    () => import('./pages/workflow-templates/template'),
    'TemplatePage',
  ),
});

const moderation = createRoute({
  getParentRoute: () => members,
  path: '/moderation/{-$part}',
  validateSearch: strings('reason', 'report'),
  component: lazyRouteComponent(() => import('./pages/moderation/moderation'), 'Moderation'),
});

const appeal = createRoute({
  getParentRoute: () => root,
  path: '/appeal',
  component: lazyRouteComponent(() => import('./pages/sign/appeal'), 'Appeal'),
});

const tree = root.addChildren([
  home,
  models,
  model,
  images,
  image,
  post,
  collections,
  collection,
  leaderboards,
  profile,
  search,
  signIn,
  login,
  signUp,
  setup,
  forgot,
  reset,
  appeal,
  members.addChildren([
    upload,
    createPost,
    generate,
    mine,
    generations,
    settings,
    templates,
    template,
    administration,
    moderation,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset: again }) => (
      <Failure page error={error} retry={again} />
    ),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
