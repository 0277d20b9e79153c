import type en from './en.json';
import type live from './live/en.json';
import type operate from './operate/en.json';
import type speak from './speak/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en; live: typeof live; operate: typeof operate; speak: typeof speak };
  }
}
