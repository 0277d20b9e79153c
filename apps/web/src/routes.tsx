import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { BrokenPage } from './shell/broken-page.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { Shell } from './shell/shell.tsx';

/** One line for each page: its address below /app, and its folder, which is loaded when it is opened. */
const PAGES: RouteObject[] = [
  {
    path: 'transcribe',
    lazy: async () => ({ Component: (await import('./pages/transcribe/page.tsx')).TranscribePage }),
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
