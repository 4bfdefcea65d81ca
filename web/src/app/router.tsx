import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sectionOf } from '../settings/sections.js';
import { BrokenPage } from './broken-page.js';
import { NotFoundPage } from './not-found-page.js';
import { sessionState } from './session.js';

/** Where somebody wanted to go before they had to sign in, such as the page of an invite. */
interface SignInSearch {
  readonly to?: string;
}
const signInSearch = ({ to }: Record<string, unknown>): SignInSearch =>
  // Only a path of this client: an address from outside must not send anybody elsewhere.
  typeof to === 'string' && /^\/[^/\\]/.test(to) ? { to } : {};

const root = createRootRoute({ component: Outlet });

const guest = createRoute({
  getParentRoute: () => root,
  id: 'guest',
  validateSearch: signInSearch,
  beforeLoad: ({ search }) => {
    if (sessionState().kind === 'in') redirect({ to: search.to ?? '/', throw: true });
  },
});
const signIn = createRoute({
  getParentRoute: () => guest,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('../auth/sign-in-page.js'), 'SignInPage'),
});
const register = createRoute({
  getParentRoute: () => guest,
  path: '/register',
  component: lazyRouteComponent(() => import('../auth/register-page.js'), 'RegisterPage'),
});
const forgot = createRoute({
  getParentRoute: () => guest,
  path: '/forgot',
  component: lazyRouteComponent(() => import('../auth/forgot-page.js'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('../auth/reset-page.js'), 'ResetPage'),
});

const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  component: lazyRouteComponent(() => import('./shell.js'), 'Shell'),
  beforeLoad: ({ location }) => {
    if (sessionState().kind !== 'out') return;
    redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { to: location.href }, throw: true });
  },
});
const home = createRoute({
  getParentRoute: () => member,
  path: '/',
  component: lazyRouteComponent(() => import('../conversations/nothing.js'), 'Nothing'),
});

/** One conversation; `at` is the position of a message to show. */
const conversationRoute = createRoute({
  getParentRoute: () => member,
  path: '/c/$conversationId',
  validateSearch: ({ at }: Record<string, unknown>): { readonly at?: number } => {
    const seq = Number(at);
    return at !== undefined && Number.isSafeInteger(seq) && seq > 0 ? { at: seq } : {};
  },
  component: lazyRouteComponent(() => import('../chat/conversation-page.js'), 'ConversationPage'),
});
/** The holder of an invite sees what it is for. */
const joinRoute = createRoute({
  getParentRoute: () => member,
  path: '/join/$code',
  component: lazyRouteComponent(() => import('../groups/join-page.js'), 'JoinPage'),
});

/** One's own account and this device. */
const settingsRoute = createRoute({
  getParentRoute: () => member,
  path: '/settings/$section',
  params: { parse: ({ section }) => ({ section: sectionOf(section) }), stringify: ({ section }) => ({ section }) },
  component: lazyRouteComponent(() => import('../settings/settings-page.js'), 'SettingsPage'),
});

export const router = createRouter({
  basepath: '/app',
  routeTree: root.addChildren([
    guest.addChildren([signIn, register, forgot]),
    reset,
    member.addChildren([home, conversationRoute, joinRoute, settingsRoute]),
  ]),
  defaultPreload: false,
  defaultErrorComponent: BrokenPage,
  defaultNotFoundComponent: NotFoundPage,
});

/** Loads the code of the page that the address names, without showing it. */
export async function loadPage(): Promise<void> {
  await router.preloadRoute({ to: router.latestLocation.pathname });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
