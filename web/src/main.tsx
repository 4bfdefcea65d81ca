import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { loadPage } from './app/router.js';
import { startSession } from './app/session.js';
import { startTheme } from './app/theme.js';
import { startLanguage } from './i18n/index.js';

startTheme();
const root = document.getElementById('root');
if (!root) throw new Error('The page has no root');
// While the server is asked who is there, the code of the page comes.
void loadPage();
await Promise.all([startLanguage(), startSession()]);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
