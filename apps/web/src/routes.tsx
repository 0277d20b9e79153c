import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { loadEarly } from './pages/reader/load-early.ts';
import { BrokenPage } from './shell/broken-page.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { Shell } from './shell/shell.tsx';

/** One line for each page: its address below /app, and its folder, which is loaded when it is opened. */
const PAGES: RouteObject[] = [
  {
    path: 'transcribe',
    lazy: async () => ({ Component: (await import('./pages/transcribe/page.tsx')).TranscribePage }),
  },
  { path: 'live', lazy: async () => ({ Component: (await import('./pages/live/page.tsx')).LivePage }) },
  { path: 'speak', lazy: async () => ({ Component: (await import('./pages/speak/page.tsx')).SpeakPage }) },
  {
    path: 'operate',
    lazy: async () => ({ Component: (await import('./pages/operate/page.tsx')).OperatePage }),
    children: [
      {
        index: true,
        lazy: async () => ({ Component: (await import('./pages/operate/overview/page.tsx')).OverviewPage }),
      },
      { path: 'jobs', lazy: async () => ({ Component: (await import('./pages/operate/jobs/page.tsx')).JobsPage }) },
      {
        path: 'workers',
        lazy: async () => ({ Component: (await import('./pages/operate/workers/page.tsx')).WorkersPage }),
      },
      {
        path: 'models',
        lazy: async () => ({ Component: (await import('./pages/operate/models/page.tsx')).ModelsPage }),
      },
      { path: 'keys', lazy: async () => ({ Component: (await import('./pages/operate/keys/page.tsx')).KeysPage }) },
      { path: 'usage', lazy: async () => ({ Component: (await import('./pages/operate/usage/page.tsx')).UsagePage }) },
      {
        path: 'webhooks',
        lazy: async () => ({ Component: (await import('./pages/operate/webhooks/page.tsx')).WebhooksPage }),
      },
      {
        path: 'feedback',
        lazy: async () => ({ Component: (await import('./pages/operate/feedback/page.tsx')).FeedbackPage }),
      },
      { path: 'audit', lazy: async () => ({ Component: (await import('./pages/operate/audit/page.tsx')).AuditPage }) },
    ],
  },
  { path: 'library', lazy: async () => ({ Component: (await import('./pages/library/page.tsx')).LibraryPage }) },
  {
    path: 'library/:itemId',
    loader: loadEarly,
    lazy: async () => ({ Component: (await import('./pages/reader/page.tsx')).ReaderPage }),
  },
  {
    path: 'library/:itemId/compare/:otherId',
    lazy: async () => ({ Component: (await import('./pages/reader/comparison/comparison-page.tsx')).ComparisonPage }),
  },
  {
    path: 'library/:itemId/print',
    lazy: async () => ({ Component: (await import('./pages/reader/print/print-page.tsx')).PrintPage }),
  },
  {
    path: 'shared/:token',
    lazy: async () => ({ Component: (await import('./pages/reader/shared-page.tsx')).SharedPage }),
  },
  { path: 'settings', lazy: async () => ({ Component: (await import('./pages/settings/page.tsx')).SettingsPage }) },
];

export const router = createBrowserRouter(
  [
    {
      Component: Shell,
      ErrorBoundary: BrokenPage,
      HydrateFallback: () => null,
      children: [
        { index: true, element: <Navigate to="/transcribe" replace /> },
        ...PAGES.map((page) => ({ ...page, ErrorBoundary: BrokenPage })),
        { path: '*', Component: MissingPage },
      ],
    },
  ],
  { basename: '/app' },
);
