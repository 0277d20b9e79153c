import type en from './en.json';
import type operate from './operate/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en; operate: typeof operate };
  }
}
