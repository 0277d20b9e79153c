import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, ScrollRestoration } from 'react-router';
import { useSession } from '../api/session.ts';
import { SignedInOnly } from '../sign-in/signed-in-only.tsx';
import { serviceName } from '../theme/choice.ts';
import { DESTINATIONS } from './navigation.ts';
import { useOnAir } from './on-air.ts';
import styles from './shell.module.css';

/** This tab listens to somebody, and it is nothing to forget. */
function OnAir() {
  const { t } = useTranslation();
  if (!useOnAir()) return null;
  return (
    <span className={styles.onAir}>
      <span className="unseen">{t('shell.onAir')}</span>
    </span>
  );
}

/** What is around every page: a rail on a wide screen, a bar within the thumb's reach on a phone. */
export function Shell() {
  const { t } = useTranslation();
  const isOperator = useSession().data?.role === 'operator';
  const destinations = DESTINATIONS.filter(({ forOperators = false }) => isOperator || !forOperators);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('shell.skip')}
      </a>
      <header className={styles.rail}>
        <NavLink to="/" className={styles.brand}>
          <span className={styles.logo} aria-hidden="true" />
          {serviceName()}
        </NavLink>
        <nav aria-label={t('shell.navigation')}>
          <ul className={styles.destinations}>
            {destinations.map(({ to, name, icon: Icon }) => (
              <li key={to}>
                <NavLink to={to} className={styles.destination}>
                  <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                  {t(`shell.${name}`)}
                  {name === 'live' && <OnAir />}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <SignedInOnly>
          <Outlet />
        </SignedInOnly>
      </main>
      <ScrollRestoration />
    </div>
  );
}
