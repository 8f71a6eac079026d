import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { ApiError } from './api/client.ts';
import { followSession } from './api/session-changes.ts';
import { App } from './app.tsx';
import { i18n, startI18n } from './i18n/index.ts';
import { createColours, readable, theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=nonce]')?.content ?? '';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused stays refused; only what had no answer is asked again.
      retry: (failures, error) =>
        failures < 3 && error instanceof ApiError && [0, 502, 503, 504].includes(error.status),
      staleTime: 5000,
    },
  },
});

const colours = createColours();

/** A data router, since only that one can ask before a page is left. */
const router = createBrowserRouter([{ path: '*', Component: App }]);

async function start(): Promise<void> {
  // For what keeps the page still behind a dialog; the component library's own styles ask for it below.
  setNonce(nonce);
  followSession(client);
  await startI18n();
  createRoot(document.getElementById('root') ?? document.body).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={readable}
          defaultColorScheme="auto"
          colorSchemeManager={colours}
          getStyleNonce={() => nonce}
        >
          <Notifications position="top-right" />
          <QueryClientProvider client={client}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

void start();
