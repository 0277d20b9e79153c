import './theme/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { config } from 'zod';
import { queryClient } from './api/query-client.ts';
import { startMessages } from './i18n/i18n.ts';
import { router } from './routes.tsx';
import { applyTheme } from './theme/choice.ts';

// The content security policy forbids code that is made at run time, which zod would try.
config({ jitless: true });
applyTheme();
await startMessages();

const place = document.getElementById('page');
if (place === null) throw new Error('The page has no element to be shown in.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
