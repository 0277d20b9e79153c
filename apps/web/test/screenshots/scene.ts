import type { Page } from 'playwright-core';

export interface Scene {
  /** Of its pictures. */
  name: string;
  /** Below /app; a function where it is known when everything is prepared. */
  path: string | (() => string);
  /** What the service has to hold first; later scenes find it, too. */
  prepare?: (url: string) => Promise<void>;
  /** What is to be seen when the picture is taken. */
  ready?: (page: Page) => Promise<void>;
}
