import './theme/base.css';
import { config } from 'zod';
import { startMessages } from './i18n/i18n.ts';
import { applyTheme } from './theme/choice.ts';

// The content security policy forbids code that is made at run time, which zod would try.
config({ jitless: true });
applyTheme();
const place = document.getElementById('page');
if (place === null) throw new Error('The page has no element to be shown in.');
// One after the other, each in a task of its own: evaluated together, they would hold up the browser for too long.
await startMessages();
await import('./api/client.ts');
const { showPage } = await import('./show-page.tsx');
showPage(place);
